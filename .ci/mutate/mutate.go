// Mutate changes the operators of a package one by one and tells which changes no test of the package
// notices. It is run by .ci/dev mutate, in a copy of the repository, with the package's folder.
//
// All changes are compiled into one test binary, each behind a switch (source.go), so that a change costs
// no more than the tests that reach it (tests.go). Changes that Go cannot choose between while it runs,
// such as those to constants, are built one by one.
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"
)

// A mutant is one change of one operator.
type mutant struct {
	number int
	place  string // file:line:column
	change string // such as "< becomes <="
	// file and source are set where the mutant is built by itself: source is what the file becomes.
	file   string
	source []byte
	tests  []string // the tests that reach it, the fastest first
}

const (
	leastCovered = 95 // per cent of the mutants that a test reaches
	leastKilled  = 92 // per cent of those that a test fails over
)

func main() {
	log.SetFlags(0)
	verbose := flag.Bool("v", false, "tell of each mutant")
	tags := flag.String("tags", "", "the build tags of the tests")
	only := flag.String("only", "", "an expression for the place, `such as` ^fold.go:16:, of those to be tried")
	slowest := flag.Duration("slowest", 0, "leave out the tests that take longer")
	flag.Parse()
	places, err := regexp.Compile(*only)
	if err != nil || flag.NArg() != 1 {
		log.Fatal("usage: mutate [-v] [-tags LIST] [-only PLACES] [-slowest TIME] FOLDER")
	}
	work, err := os.MkdirTemp("", "mutate-")
	if err == nil {
		err = errors.Join(run(flag.Arg(0), *tags, work, places, *slowest, *verbose), os.RemoveAll(work))
	}
	if err != nil {
		log.Fatal(err)
	}
}

func run(folder, tags, work string, places *regexp.Regexp, slowest time.Duration, verbose bool) error {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return err
	}
	pkg, err := loadPackage(folder, tags)
	if err != nil {
		return fmt.Errorf("read %s: %w", folder, err)
	}
	switched, alone, overlay, err := pkg.mutants(work)
	if err != nil {
		return fmt.Errorf("change %s: %w", folder, err)
	}
	s, err := newSuite(folder, tags, work, overlay)
	if err != nil {
		return fmt.Errorf("build the tests of %s: %w", folder, err)
	}
	if err := s.measure(switched, slowest); err != nil {
		return err
	}
	counts := map[string]int{}
	for _, m := range slices.Concat(switched, alone) {
		if !places.MatchString(m.place) {
			continue
		}
		result, err := s.try(m)
		if err != nil {
			return fmt.Errorf("%s, %s: %w", m.place, m.change, err)
		}
		counts[result]++
		if verbose || result == "lived" || result == "unreached" {
			fmt.Printf("%-9s %s: %s\n", result, m.place, m.change)
		}
	}
	killed := counts["killed"] + counts["slow"]
	covered := killed + counts["lived"]
	all := covered + counts["unreached"]
	if all == 0 {
		return fmt.Errorf("%s: there is nothing to change", folder)
	}
	fmt.Printf("%s: %d mutants, %d (%.1f %%) reached by a test, %d (%.1f %%) of those caught, %d of them by never ending\n",
		filepath.Base(folder), all, covered, percent(covered, all), killed, percent(killed, covered), counts["slow"])
	if places.String() == "" && (percent(covered, all) < leastCovered || percent(killed, covered) < leastKilled) {
		return fmt.Errorf("wanted are %d %% reached and %d %% caught", leastCovered, leastKilled)
	}
	return nil
}

func percent(part, whole int) float64 { return 100 * float64(part) / float64(max(1, whole)) }
