package cli

import (
	"cmp"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/app"
)

type doctorCmd struct {
	JSON   bool `name:"json" help:"Print JSON."`
	Repair bool `help:"Copy the database, then set right what is not as the history says. Messages that were changed stay as they are, and the history says so."`
	actorFlags
}

// doctorReport is the JSON of doctor; what could not be found out is null.
type doctorReport struct {
	Version   string   `json:"version"`
	Go        string   `json:"go"`
	SQLite    *string  `json:"sqlite"`
	Profile   string   `json:"profile"`
	Database  string   `json:"database"`
	Size      int64    `json:"size"`
	Schema    *string  `json:"schema"`
	Demo      *bool    `json:"demo"`
	ReadOnly  bool     `json:"readOnly"` // it can be read and not written
	Window    bool     `json:"window"`
	Customers *int64   `json:"customers"`
	Chats     *int64   `json:"chats"`
	Messages  *int64   `json:"messages"`
	Events    *int64   `json:"events"`
	SetAside  *int64   `json:"setAside"`  // deliveries that were not understood
	Integrity *string  `json:"integrity"` // "ok", or null
	Backups   []string `json:"backups"`
	Problems  []string `json:"problems"`
	Repaired  []string `json:"repaired"` // what was wrong before --repair
	KeptCopy  *string  `json:"keptCopy"` // the database as it was before --repair changed it, or null
}

func (c doctorCmd) Run(r *run) error {
	f := doctorReport{
		Version: r.deps.Version, Go: runtime.Version(), Profile: r.ref.Folder, Problems: []string{}, Repaired: []string{},
		Database: r.ref.DatabaseFile(),
	}
	if err := r.diagnose(&f, c); err != nil {
		if r.ctx.Err() != nil {
			return err
		}
		f.Problems = append(f.Problems, r.errorText(err))
		if detail := err.Error(); detail != f.Problems[0] {
			f.Problems = append(f.Problems, detail)
		}
	}
	f.Backups = append([]string{}, r.ref.Backups()...)
	if err := c.print(r, f); err != nil {
		return err
	}
	if len(f.Problems) == 0 {
		return nil
	}
	_ = r.out.Flush() // so that the facts come before the problems
	for _, problem := range f.Problems {
		fmt.Fprintln(r.err, "latchdesk:", problem)
	}
	return errReported
}

// diagnose fills in the report. It stops at the first error.
func (r *run) diagnose(f *doctorReport, c doctorCmd) error {
	a, err := r.open()
	if info, err := os.Stat(f.Database); err == nil {
		f.Size = info.Size()
	}
	if err != nil {
		return err
	}
	defer a.Close()
	if f.Window, err = a.Profile.HasWindow(); err != nil {
		return err
	}
	stats, err := a.Stats(r.ctx)
	if err != nil {
		return err
	}
	f.ReadOnly = a.Writable() != nil
	f.Demo, f.Schema, f.SQLite = &a.Settings.Demo, &stats.Schema, &stats.SQLite
	f.Customers, f.Chats, f.Messages, f.Events = &stats.Customers, &stats.Chats, &stats.Messages, &stats.Events
	total, err := a.SetAsideTotal(r.ctx)
	if err != nil {
		return err
	}
	f.SetAside = &total.Rows
	if _, err := a.Check(r.ctx); err != nil {
		return err
	}
	if c.Repair {
		if err := r.repair(a, f, c.toActor()); err != nil {
			return err
		}
	}
	if err := r.checkState(a, f); err != nil {
		return err
	}
	if len(f.Problems) == 0 {
		f.Integrity = data.NullIfEmpty("ok")
	}
	copies, err := a.CopyState(r.ctx)
	if err != nil {
		return err
	}
	if copies.Failure != "" {
		f.Problems = append(f.Problems, "The last daily copy could not be made. "+copies.Failure)
	}
	if total.IsFull() {
		f.Problems = append(f.Problems, "There is no room to set more deliveries aside. Retry or drop some: latchdesk deliveries list")
	}
	return nil
}

// shownDifferences is how many differences doctor names; the rest it counts.
const shownDifferences = 20

// checkState reports the customers whose rows do not say what follows from the history.
func (r *run) checkState(a *app.App, f *doctorReport) error {
	return r.listDifferences(&f.Problems, func(progress func(done, total int64), differs func(data.StateDifference)) error {
		return a.CheckState(r.ctx, progress, differs)
	})
}

// repair sets right what checkState would report.
func (r *run) repair(a *app.App, f *doctorReport, by data.Actor) error {
	return r.listDifferences(&f.Repaired, func(progress func(done, total int64), differs func(data.StateDifference)) error {
		kept, err := a.Repair(r.ctx, by, progress, differs)
		f.KeptCopy = data.NullIfEmpty(kept)
		return err
	})
}

// listDifferences appends to a list the differences that find calls its function with.
func (r *run) listDifferences(list *[]string, find func(progress func(done, total int64), differs func(data.StateDifference)) error) error {
	meter := newProgressMeter(r.err, "customers and messages")
	defer meter.finish()
	more := 0
	err := find(func(done, total int64) { meter.update(int(done), int(total)) }, func(d data.StateDifference) {
		if len(*list) == shownDifferences {
			more++
			return
		}
		*list = append(*list, d.String())
	})
	if more > 0 {
		*list = append(*list, fmt.Sprintf("There are %d more such differences.", more))
	}
	return err
}

func (c doctorCmd) print(r *run, f doctorReport) error {
	if c.JSON {
		return r.out.printJSON(f)
	}
	fields := []field{{"Latchdesk", f.Version}, {"Go", f.Go}}
	if f.SQLite != nil {
		fields = append(fields, field{"SQLite", *f.SQLite})
	}
	fields = append(fields, field{"Profile", f.Profile}, field{"Database", f.Database}, field{"Size", formatSize(f.Size)})
	if f.Schema != nil {
		kind, window := "a desk", "not open"
		if *f.Demo {
			kind = "a demo"
		}
		if f.ReadOnly {
			kind += ", which cannot be written to"
		}
		if f.Window {
			window = "open"
		}
		fields = append(fields,
			field{"Schema", *f.Schema}, field{"Kind", kind}, field{"Window", window},
			field{"Customers", formatInt(*f.Customers)}, field{"Chats", formatInt(*f.Chats)},
			field{"Messages", formatInt(*f.Messages)}, field{"Events", formatInt(*f.Events)}, field{"Set aside", formatInt(*f.SetAside)})
	}
	r.out.printFields(append(fields, field{"Backups", cmp.Or(strings.Join(f.Backups, "\n"), "none")})...)
	if len(f.Repaired) > 0 && f.KeptCopy != nil {
		r.out.printLine("\nRepaired, with an entry in the history of each customer:\n%s", strings.Join(f.Repaired, "\n"))
		r.out.printLine("The database as it was before is kept in %s. Messages that were changed, removed or put in are as they were found; an older copy may have them as they were.", *f.KeptCopy)
	}
	if len(f.Problems) == 0 {
		r.out.printLine("\nThe database is whole, every event follows from the one before, and every customer is as the history says.\nNot checked: names, tags, drafts, settings, how far an answer has come, and what was cleared.")
	}
	return nil
}

func formatInt(n int64) string { return strconv.FormatInt(n, 10) }

func formatSize(bytes int64) string {
	if bytes < 1<<20 {
		return fmt.Sprintf("%d KB", (bytes+1023)/1024)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20))
}
