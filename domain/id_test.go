package domain_test

import (
	"encoding/hex"
	"testing"

	"pult/domain"
)

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
