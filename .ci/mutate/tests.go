package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A suite is the tests of a package with what each takes.
type suite struct {
	folder, tags, work string
	binary             string
	flags              []string
	tests              []string                 // the fastest first
	takes              map[string]time.Duration // of the processor
}

const (
	least    = 10 * time.Second // what tests are given, whatever they take
	patience = 20               // how many times the processor's time without a mutant
)

func newSuite(folder, tags, work, overlay string) (*suite, error) {
	s := &suite{folder: folder, tags: tags, work: work, binary: filepath.Join(work, "switched.test"), takes: map[string]time.Duration{}}
	if err := s.build(s.binary, overlay); err != nil {
		return nil, err
	}
	list := exec.Command("go", "list", "-tags", tags, "-f", "{{.TestImports}} {{.XTestImports}}", ".")
	list.Dir = folder
	imports, err := list.Output()
	if err != nil {
		return nil, err
	}
	if bytes.Contains(imports, []byte("pgregory.net/rapid")) {
		// A property is tried with fewer cases than in the usual run, and no time is lost on a smaller one.
		s.flags = []string{"-rapid.nofailfile", "-rapid.shrinktime=1ns", "-rapid.checks=20"}
	}
	return s, nil
}

func (s *suite) build(binary, overlay string) error {
	command := exec.Command("go", "test", "-c", "-vet=off", "-tags", s.tags, "-overlay", overlay, "-o", binary, ".")
	command.Dir = s.folder
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, output)
	}
	return nil
}

// measure leaves out the tests that take longer than slowest, unless that is 0. It runs each test by itself, without a mutant, and notes what it takes and which mutants it reaches.
func (s *suite) measure(mutants []*mutant, slowest time.Duration) error {
	listed, err := exec.Command(s.binary, "-test.list", "^(Test|Fuzz|Example)").Output()
	if err != nil {
		return err
	}
	byNumber := map[int]*mutant{}
	for _, m := range mutants {
		byNumber[m.number] = m
	}
	reached := filepath.Join(s.work, "reached")
	for _, test := range strings.Fields(string(listed)) {
		if err := os.WriteFile(reached, nil, 0o600); err != nil {
			return err
		}
		output, took, err := s.run(s.binary, []string{test}, 10*time.Minute, "MUTATE_REACHED="+reached)
		if err != nil {
			return fmt.Errorf("%s fails without a mutant: %w\n%s", test, err, output)
		}
		if slowest > 0 && took > slowest {
			fmt.Printf("%s takes %s and is left out\n", test, took.Round(time.Millisecond))
			continue
		}
		s.takes[test] = took
		text, err := os.ReadFile(reached)
		if err != nil {
			return err
		}
		for _, line := range strings.Fields(string(text)) {
			number, err := strconv.Atoi(line)
			if err != nil {
				return err
			}
			byNumber[number].tests = append(byNumber[number].tests, test)
		}
	}
	s.tests = slices.Collect(maps.Keys(s.takes))
	s.sort(s.tests)
	for _, m := range mutants {
		slices.Sort(m.tests)
		m.tests = slices.Compact(m.tests)
		s.sort(m.tests)
	}
	return nil
}

func (s *suite) sort(tests []string) {
	slices.SortFunc(tests, func(a, b string) int { return int(s.takes[a] - s.takes[b]) })
}

// try runs the tests that reach a mutant until one fails, and returns one of killed, slow (killed by the
// time it took), lived, unreached and invalid.
func (s *suite) try(m *mutant) (string, error) {
	binary, tests, env := s.binary, m.tests, "MUTATE="+strconv.Itoa(m.number)
	if m.source != nil {
		changed := filepath.Join(s.work, "alone.go")
		if err := os.WriteFile(changed, m.source, 0o600); err != nil {
			return "", err
		}
		overlay, err := writeOverlay(filepath.Join(s.work, "alone.json"), map[string]string{m.file: changed})
		if err != nil {
			return "", err
		}
		binary, tests = filepath.Join(s.work, "alone.test"), s.tests
		if err := s.build(binary, overlay); err != nil {
			return "invalid", nil // it does not compile, and proves nothing
		}
	}
	if len(tests) == 0 {
		return "unreached", nil
	}
	for _, some := range s.groups(tests) {
		var limit time.Duration
		for _, test := range some {
			limit += s.takes[test]
		}
		limit = max(least, limit*patience)
		output, _, err := s.run(binary, some, limit, env)
		var failed *exec.ExitError
		switch {
		case err == nil:
		case !errors.As(err, &failed):
			return "", err
		case bytes.Contains(output, []byte("panic: test timed out")), failed.ExitCode() < 0:
			return "slow", nil
		default:
			return "killed", nil
		}
	}
	return "lived", nil
}

// groups cuts tests that are sorted by what they take into such as run in one process, each taking some
// four times as long as the one before: what most tests fail over costs little.
func (s *suite) groups(tests []string) (groups [][]string) {
	budget := 20 * time.Millisecond
	for len(tests) > 0 {
		var sum time.Duration
		count := 0
		for count < len(tests) && (count == 0 || sum < budget) {
			sum += s.takes[tests[count]]
			count++
		}
		groups = append(groups, tests[:count])
		tests = tests[count:]
		budget *= 4
	}
	return groups
}

// run runs tests, and returns what they printed and the processor's time that they took. A mutant may take all the memory there is, so that has a bound.
func (s *suite) run(binary string, tests []string, limit time.Duration, env ...string) ([]byte, time.Duration, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit+least)
	defer cancel()
	arguments := append([]string{
		"-c", `ulimit -v 8000000; exec "$0" "$@"`, binary,
		"-test.failfast", "-test.timeout", limit.String(), "-test.run", "^(" + strings.Join(tests, "|") + ")$",
	}, s.flags...)
	command := exec.CommandContext(ctx, "sh", arguments...)
	command.Dir = s.folder
	command.Env = append(os.Environ(), env...)
	command.WaitDelay = least
	output, err := command.CombinedOutput()
	if command.ProcessState == nil {
		return output, 0, err
	}
	return output, command.ProcessState.UserTime() + command.ProcessState.SystemTime(), err
}
