# shellcheck shell=bash
# What the scripts of this folder share. A script sources it at the top of the repository, after it has
# made the folder $work, in which the logs of its steps stay.
: "${work:?the folder for the logs}"
number=0 failed=()

# step [-v] TITLE COMMAND... runs a step and tells of it in a line; the last line that the command prints
# is what was found. With -v all that it prints is shown as it comes, otherwise only where it fails.
step() {
  local show=false title log status begun=$SECONDS
  if [ "$1" = -v ]; then
    show=true
    shift
  fi
  title=$1
  shift
  number=$((number + 1))
  log=$(printf '%s/%02d-%s.log' "$work" "$number" "${title//[^[:alnum:]]/-}")
  set +e
  if $show; then
    (set -e; "$@") 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
  else
    (set -e; "$@") >"$log" 2>&1
    status=$?
  fi
  set -e
  if [ "$status" = 0 ]; then
    printf 'pass %2d  %-20s %4d s  %s\n' "$number" "$title" $((SECONDS - begun)) "$(tail -n 1 "$log")"
  else
    failed+=("$title")
    printf 'FAIL %2d  %-20s %4d s  exit %d, %s\n' "$number" "$title" $((SECONDS - begun)) "$status" "$log"
    $show || tail -n 80 "$log" | sed 's/^/         /'
  fi
}

# steps_done WHAT tells how long the steps took, where their logs are, and which failed; it is false where one did.
steps_done() {
  printf '\n%d %s in %d min %d s; pictures and logs are in %s\n' "$number" "$1" $((SECONDS / 60)) $((SECONDS % 60)) "$work"
  [ ${#failed[@]} = 0 ] || printf 'FAILED: %s\n' "${failed[@]}"
  [ ${#failed[@]} = 0 ]
}

# as_root COMMAND... runs a command as root, through sudo where need be.
as_root() {
  local sudo=()
  [ "$(id -u)" = 0 ] || sudo=(sudo)
  "${sudo[@]}" "$@"
}

# install_missing PACKAGE... installs those of Debian's packages that are not there, and says how many.
install_missing() {
  local missing=() package
  for package; do
    dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' || missing+=("$package")
  done
  if [ ${#missing[@]} -gt 0 ]; then
    as_root apt-get update -q -o Acquire::Retries=3 || return
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" || return
  fi
  echo "$# packages, ${#missing[@]} of them new"
}

# expect WANTED FOUND fails where the two differ, and shows both.
expect() { [ "$2" = "$1" ] || { printf 'expected %s\nfound    %s\n' "$1" "$2"; return 1; }; }

# fenced PATTERN prints the first line that matches in a fenced block of the README.
fenced() {
  awk -v pattern="$1" '/^```/ { inside = !inside; next } inside && $0 ~ pattern { print; found = 1; exit }
                       END { exit !found }' README.md || { echo "README.md has no line with $1 in a fenced block" >&2; return 1; }
}

# packages_of PATTERN lists the packages that the README's line with PATTERN installs.
packages_of() {
  local line
  line=$(fenced "$1") || return
  sed -E 's/.*apt-get install( -y)? //; s/ *&&.*//' <<<"$line"
}
