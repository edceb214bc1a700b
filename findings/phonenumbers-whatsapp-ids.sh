#!/usr/bin/env bash
# The ids that WhatsApp delivers as a sender's number are not all numbers to the phone library: an older
# account in Mexico keeps the 1 that was dropped from dialling in 2019 (521 and ten digits), one in Ivory
# Coast the eight digits of before 2021. Both are reached under that id alone, and the library calls them
# impossible. Of two spellings of one line the library's comparison says NO_MATCH for a mobile in Brazil
# (with and without the 9), and SHORT_NSN_MATCH, the weakest of its answers, for Argentina and Benin: whoever
# takes only EXACT_MATCH or NSN_MATCH for the same line makes two people of one.
#
# Seen with github.com/nyaruka/phonenumbers v1.8.1, 2026-11-30. Needs Go. Fails if any of it changes.
set -euo pipefail
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
cat >main.go <<'GO'
package main

import (
	"fmt"
	"log"

	"github.com/nyaruka/phonenumbers"
)

var reasons = map[phonenumbers.ValidationResult]string{
	phonenumbers.IS_POSSIBLE: "possible", phonenumbers.TOO_LONG: "too long", phonenumbers.TOO_SHORT: "too short",
	phonenumbers.INVALID_LENGTH: "of no length there is", phonenumbers.IS_POSSIBLE_LOCAL_ONLY: "possible locally",
}

var matches = map[phonenumbers.MatchType]string{
	phonenumbers.NO_MATCH: "no match", phonenumbers.SHORT_NSN_MATCH: "short NSN match",
	phonenumbers.NSN_MATCH: "NSN match", phonenumbers.EXACT_MATCH: "exact match", phonenumbers.NOT_A_NUMBER: "not a number",
}

func main() {
	for _, id := range []string{"+5215512345678", "+22507123456"} {
		n, err := phonenumbers.Parse(id, "")
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(id, reasons[phonenumbers.IsPossibleNumberWithReason(n)])
	}
	for _, pair := range [][2]string{
		{"+553188887777", "+5531988887777"}, {"+541123456789", "+5491123456789"}, {"+22997000000", "+2290197000000"},
	} {
		fmt.Println(pair[0], pair[1], matches[phonenumbers.IsNumberMatch(pair[0], pair[1])])
	}
}
GO
export GOFLAGS=-mod=mod CGO_ENABLED=0
go mod init finding >/dev/null 2>&1
go get github.com/nyaruka/phonenumbers@v1.8.1 >/dev/null 2>&1
go run . | tee found.txt
diff - found.txt <<'EXPECTED'
+5215512345678 too long
+22507123456 too short
+553188887777 +5531988887777 no match
+541123456789 +5491123456789 short NSN match
+22997000000 +2290197000000 short NSN match
EXPECTED
echo "as it was seen"
