package badgerkv

import (
	"bytes"
	"errors"
	"os"
	"slices"

	"github.com/dgraph-io/badger/v4/options"
	"github.com/dgraph-io/badger/v4/table"
	"github.com/dgraph-io/badger/v4/y"
	"github.com/dgraph-io/ristretto/v2/z"
)

// bounds are what a table says of itself.
type bounds struct {
	name     string
	smallest []byte
	biggest  []byte
	version  uint64 // the newest in it
}

// readTable checks all of a table and notes what is looked for. It hands the
// engine's reader a copy of the file that is not its own to close or remove.
func (v *verification) readTable(name string, compression options.CompressionType) (found bounds, err error) {
	file, err := os.Open(v.path(name))
	if err != nil {
		return found, err
	}
	defer file.Close() // only read from
	info, err := file.Stat()
	if err != nil {
		return found, err
	}
	if info.Size() == 0 {
		return found, errors.New("it is empty")
	}
	data, err := z.Mmap(file, false, info.Size())
	if err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, z.Munmap(data)) }()
	readErr := guard(func() error {
		t, err := table.OpenInMemoryTable(data, 0, &table.Options{
			BlockSize: blockSize, Compression: compression, ChkMode: options.OnBlockRead,
		})
		if err != nil {
			return err
		}
		found = bounds{name, bytes.Clone(t.Smallest()), bytes.Clone(t.Biggest()), t.MaxVersion()}
		return v.readKeys(t)
	})
	if readErr != nil {
		return found, errors.New("its checksums are wrong")
	}
	return found, nil
}

// blockSize is the engine's own default; its reader only wants it to be there.
const blockSize = 4 << 10

// readKeys goes through a table from end to end. An iterator stops at a block
// that is damaged as it does at the end, so the keys are counted.
func (v *verification) readKeys(t *table.Table) error {
	it := t.NewIterator(table.NOCACHE)
	defer it.Close()
	n := uint32(0)
	for it.Rewind(); it.Valid(); it.Next() {
		n++
		if key := y.ParseKey(it.Key()); v.isWanted(key) {
			v.note(key, it.Value().Value, y.ParseTs(it.Key()))
		}
	}
	if n != t.KeyCount() {
		return errors.New("a block cannot be read")
	}
	return nil
}

// checkOrder checks that tables of one level follow each other; those of the
// first may overlap.
func (v *verification) checkOrder(levels map[uint8][]bounds) error {
	for level, tables := range levels {
		if level == 0 {
			continue
		}
		slices.SortFunc(tables, func(a, b bounds) int { return y.CompareKeys(a.smallest, b.smallest) })
		for i := 1; i < len(tables); i++ {
			if y.CompareKeys(tables[i-1].biggest, tables[i].smallest) >= 0 {
				return v.damage(v.path(tables[i].name), "what it holds belongs elsewhere")
			}
		}
	}
	return nil
}
