package domain_test

import (
	"encoding/hex"
	"slices"
	"strings"
	"testing"
	"time"

	"pult/domain"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// sampleID is 00 01 02 … 0f.
func sampleID() (id domain.ID) {
	for i := range id {
		id[i] = byte(i)
	}
	return id
}

// The values are those of the first version: desks hold records under them.
func TestPart_KeepsItsValueForEver(t *testing.T) {
	for i, want := range map[int]string{
		0:   "000102030405060708090a0b0c0d0e0f",
		1:   "000102030405070708090a0b0c0d0e0f",
		6:   "000102030405000708090a0b0c0d0e0f",
		10:  "0001020304050c0708090a0b0c0d0e0f",
		255: "000102030405f90708090a0b0c0d0e0f",
	} {
		id := sampleID()
		if got := id.Part(i); hex.EncodeToString(got[:]) != want {
			t.Errorf("part %d: got %x, want %s", i, got[:], want)
		}
		if id != sampleID() {
			t.Errorf("part %d changed the identifier it was made from", i)
		}
	}
}

func TestPart_MeetsNoNeighbourAndKeepsTheTime(t *testing.T) {
	var ids domain.IDs
	seen := map[domain.ID]bool{}
	for range 500 { // within one millisecond identifiers count up
		id := ids.New(noon)
		for i := range 11 {
			part := id.Part(i)
			if seen[part] {
				t.Fatalf("part %d of %s has an identifier that is taken", i, id)
			}
			if !part.Time().Equal(noon) {
				t.Fatalf("part %d: got the time %v, want %v", i, part.Time(), noon)
			}
			seen[part] = true
		}
	}
}

// The values are those of the first version: an entry that is taken in again after an upgrade must find what it parked.
func TestEntryPart_KeepsItsValueForEver(t *testing.T) {
	for i, want := range map[int]string{
		0:   "000102030405060708090a0b0c0d0e0e",
		1:   "000102030405060708090a0b0c0d0e0d",
		14:  "000102030405060708090a0b0c0d0e00",
		254: "000102030405060708090a0b0c0d0ef0",
		255: "000102030405060708090a0b0c0d0e0f",
		256: "000102030405060708090a0b0c0d0f0e",
		511: "000102030405060708090a0b0c0d0f0f",
	} {
		if got := sampleID().EntryPart(i); hex.EncodeToString(got[:]) != want {
			t.Errorf("part %d: got %x, want %s", i, got[:], want)
		}
	}
}

func TestEntryPart_AllPartsStayApart(t *testing.T) {
	seen := map[domain.ID]int{}
	for i := range 1 << 16 {
		part := sampleID().EntryPart(i)
		if other, taken := seen[part]; taken {
			t.Fatalf("parts %d and %d share %s", other, i, part)
		}
		seen[part] = i
	}
}

func TestIDs_RiseWithinAMillisecondAndWhenTheClockStepsBack(t *testing.T) {
	var ids domain.IDs
	last := domain.ID{}
	for i := range 3000 {
		now := noon.Add(time.Duration(i/1000) * time.Millisecond)
		if i > 2000 {
			now = noon.Add(-time.Hour)
		}
		id := ids.New(now)
		if slices.Compare(id[:], last[:]) <= 0 || id.String() <= last.String() {
			t.Fatalf("id %d: got %s after %s, want a higher one, as bytes and as text", i, id, last)
		}
		last = id
	}
	if got := ids.New(noon.Add(time.Hour)).Time(); !got.Equal(noon.Add(time.Hour)) {
		t.Errorf("got %v, want the time it was made for", got)
	}
}

func TestParseID_OneTextForEachAndNothingElse(t *testing.T) {
	var ids domain.IDs
	id := ids.New(noon)
	if got, err := domain.ParseID(id.String()); err != nil || got != id {
		t.Errorf("got %v, %v, want %v", got, err, id)
	}
	text := id.String()
	for _, bad := range []string{"", text[1:], text + "0", strings.ToUpper(text), "i" + text[1:], strings.Repeat("z", 26), text[:25] + "\x00"} {
		if got, err := domain.ParseID(bad); err == nil {
			t.Errorf("%q was read as %v", bad, got)
		}
	}
}
