// Command sbom lists every module that is really linked into the built
// programs, as they themselves tell, in SPDX 2.3 on standard output.
//
//	sbom VERSION PROGRAM...
//
// A PROGRAM may be a zip, of which every .exe is looked into.
package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: sbom VERSION PROGRAM...")
		os.Exit(2)
	}
	if err := run(os.Stdout, os.Args[1], os.Getenv("SOURCE_DATE_EPOCH"), os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

func run(w io.Writer, version, epoch string, files []string) error {
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return fmt.Errorf("SOURCE_DATE_EPOCH: %w", err)
	}
	var programs []program
	for _, file := range files {
		found, err := readPrograms(file)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		programs = append(programs, found...)
	}
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	return out.Encode(newDocument(version, time.Unix(seconds, 0).UTC(), programs))
}

// program is one built program.
type program struct {
	name, sum string
	info      *debug.BuildInfo
}

func readPrograms(file string) ([]program, error) {
	if filepath.Ext(file) != ".zip" {
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		p, err := readProgram(filepath.Base(file), content)
		return []program{p}, err
	}
	archive, err := zip.OpenReader(file)
	if err != nil {
		return nil, err
	}
	defer archive.Close()
	var found []program
	for _, member := range archive.File {
		if path.Ext(member.Name) != ".exe" {
			continue
		}
		r, err := member.Open()
		if err != nil {
			return nil, err
		}
		content, err := io.ReadAll(r)
		if err != nil {
			return nil, err
		}
		p, err := readProgram(path.Base(member.Name), content)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", member.Name, err)
		}
		found = append(found, p)
	}
	return found, nil
}

func readProgram(name string, content []byte) (program, error) {
	info, err := buildinfo.Read(bytes.NewReader(content))
	if err != nil {
		return program{}, err
	}
	sum := sha256.Sum256(content)
	return program{name, hex.EncodeToString(sum[:]), info}, nil
}

// What SPDX calls things, of which only what is needed here.
type (
	document struct {
		Version   string         `json:"spdxVersion"`
		License   string         `json:"dataLicense"`
		ID        string         `json:"SPDXID"`
		Name      string         `json:"name"`
		Namespace string         `json:"documentNamespace"`
		Creation  creation       `json:"creationInfo"`
		Packages  []spdxPackage  `json:"packages"`
		Relations []relationship `json:"relationships"`
	}
	creation struct {
		Created  string   `json:"created"`
		Creators []string `json:"creators"`
	}
	spdxPackage struct {
		Name      string      `json:"name"`
		ID        string      `json:"SPDXID"`
		Version   string      `json:"versionInfo,omitempty"`
		File      string      `json:"packageFileName,omitempty"`
		Download  string      `json:"downloadLocation"`
		Analyzed  bool        `json:"filesAnalyzed"`
		Concluded string      `json:"licenseConcluded"`
		Declared  string      `json:"licenseDeclared"`
		Copyright string      `json:"copyrightText"`
		Comment   string      `json:"comment,omitempty"`
		Purpose   string      `json:"primaryPackagePurpose,omitempty"`
		Checksums []checksum  `json:"checksums,omitempty"`
		Refs      []reference `json:"externalRefs,omitempty"`
	}
	checksum struct {
		Algorithm string `json:"algorithm"`
		Value     string `json:"checksumValue"`
	}
	reference struct {
		Category string `json:"referenceCategory"`
		Type     string `json:"referenceType"`
		Locator  string `json:"referenceLocator"`
	}
	relationship struct {
		From string `json:"spdxElementId"`
		Kind string `json:"relationshipType"`
		To   string `json:"relatedSpdxElement"`
	}
)

const noAssertion = "NOASSERTION"

var notSPDXID = regexp.MustCompile(`[^A-Za-z0-9.-]+`)

// newDocument tells which program has which modules. It is the same for the same
// programs, whenever it is made; its own name comes from what they contain.
func newDocument(version string, at time.Time, programs []program) document {
	d := document{
		Version: "SPDX-2.3", License: "CC0-1.0", ID: "SPDXRef-DOCUMENT", Name: "latchdesk-" + version,
		Creation: creation{at.Format(time.RFC3339), []string{"Organization: The Latchdesk authors", "Tool: assets/package/sbom"}},
	}
	whole, known := sha256.New(), map[string]bool{}
	for _, p := range programs {
		whole.Write([]byte(p.sum))
		id := "SPDXRef-Program-" + notSPDXID.ReplaceAllString(p.name, "-")
		d.Packages = append(d.Packages, spdxPackage{
			Name: p.name, ID: id, Version: version, File: p.name, Download: noAssertion, Concluded: "MIT", Declared: "MIT",
			Copyright: "2026 the Latchdesk authors", Purpose: "APPLICATION",
			Comment:   "The terms of all that is linked in stand in THIRD-PARTY.txt, which comes with the program.",
			Checksums: []checksum{{"SHA256", p.sum}},
		})
		d.Relations = append(d.Relations, relationship{d.ID, "DESCRIBES", id})
		for _, m := range modules(p.info) {
			if !known[m.ID] {
				known[m.ID] = true
				d.Packages = append(d.Packages, m)
			}
			d.Relations = append(d.Relations, relationship{id, "STATIC_LINK", m.ID})
		}
	}
	d.Namespace = "https://github.com/latchdesk/latchdesk/spdx/" + version + "/" + hex.EncodeToString(whole.Sum(nil))
	return d
}

// modules are the modules in a program, Go's own library with them.
func modules(info *debug.BuildInfo) []spdxPackage {
	goVersion := strings.TrimPrefix(info.GoVersion, "go")
	parts := []spdxPackage{module("std", goVersion, "golang/std@"+goVersion, "The Go standard library and runtime.")}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		comment := ""
		if m.Sum != "" {
			comment = "go.sum: " + m.Sum
		}
		parts = append(parts, module(m.Path, m.Version, "golang/"+m.Path+"@"+m.Version, comment))
	}
	slices.SortFunc(parts, func(a, b spdxPackage) int { return strings.Compare(a.Name, b.Name) })
	return parts
}

func module(name, version, locator, comment string) spdxPackage {
	return spdxPackage{
		Name: name, ID: "SPDXRef-Module-" + notSPDXID.ReplaceAllString(name+"-"+version, "-"), Version: version,
		Download: noAssertion, Concluded: noAssertion, Declared: noAssertion, Copyright: noAssertion, Comment: comment, Purpose: "LIBRARY",
		Refs: []reference{{"PACKAGE-MANAGER", "purl", "pkg:" + strings.ReplaceAll(locator, "+", "%2B")}},
	}
}
