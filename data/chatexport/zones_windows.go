package chatexport

import _ "time/tzdata" // Windows has no time zones by the names that people write
