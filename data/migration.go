package data

import "context"

// MigrationStage says what the update of a database to a newer schema does.
type MigrationStage int

const (
	// MigrationWaits says that another process updates the same database.
	MigrationWaits MigrationStage = iota
	// MigrationCopies says that a copy of the database is made first.
	MigrationCopies
	// MigrationWrites says that the schema and the rows are written. Until the
	// last has been, the database is as it was.
	MigrationWrites
	// MigrationEnds is reported last: all of it is done, or undone.
	MigrationEnds
)

// MigrationProgress says how far the update of a database has come.
type MigrationProgress struct {
	Stage    MigrationStage
	Fraction float64 // of the whole, from 0 to 1
}

// ErrMigrationStopped says that the update of a database was stopped before its
// end, and that nothing of it remains.
const ErrMigrationStopped UserError = "The update of the desk was stopped and undone; the desk is as it was. It will be updated when Latchdesk starts again."

type migrationReport struct{}

// WithMigrationProgress returns a context with which whoever opens a database
// reports to report how far its update has come. Nothing is reported where there
// is nothing to update. report is called on the goroutine that updates, and on
// another while the copy is made, but never on both at once.
func WithMigrationProgress(ctx context.Context, report func(MigrationProgress)) context.Context {
	return context.WithValue(ctx, migrationReport{}, report)
}

// ReportMigration reports p to the function that ctx carries, if it carries one.
func ReportMigration(ctx context.Context, p MigrationProgress) {
	if report, ok := ctx.Value(migrationReport{}).(func(MigrationProgress)); ok {
		report(p)
	}
}
