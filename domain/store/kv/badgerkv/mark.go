package badgerkv

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"sync"
	"time"

	"github.com/dgraph-io/badger/v4"

	"pult/domain/store/kv"
)

// A log that lost its end looks like one that was never longer, and the engine
// takes it for that. So every commit carries a number, and the number of the
// newest that was acknowledged also stands in a small file outside of the engine:
// files whose newest commit is older have lost something.
//
// There are two sequences, one for Update and one for Append, because one of each
// may be under way at a time, and then nobody knows which comes first in the log.
type sequence int

// markPeriod is the time between two flushes of the note. A power cut may set it
// back by as much.
const markPeriod = 2 * time.Second

const (
	updates sequence = iota
	appends
	sequences // how many there are
)

// marks are numbers of commits, one of each sequence; 0 means none yet.
type marks [sequences]uint64

// markKeys hold the number of the newest commit, inside the engine.
var markKeys = [sequences][]byte{[]byte(kv.EnginePrefix + "u"), []byte(kv.EnginePrefix + "a")}

// sequenceOf tells whether a key holds a number, and of which sequence.
func sequenceOf(key []byte) (sequence, bool) {
	for i, k := range markKeys {
		if string(k) == string(key) {
			return sequence(i), true
		}
	}
	return 0, false
}

// NotePath is the file that says which commits of a store were acknowledged. It is
// beside the folder, so that it tells of a folder that was emptied.
func NotePath(dir string) string { return dir + ".mark" }

const (
	markHeader = "pultmark"
	markLength = len(markHeader) + int(sequences)*8 + crc32.Size
)

func encodeMarks(m marks) []byte {
	b := append(make([]byte, 0, markLength), markHeader...)
	for _, n := range m {
		b = binary.BigEndian.AppendUint64(b, n)
	}
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
}

// readMarks reads the numbers of the newest acknowledged commits. A file that is
// missing, as older versions had none, or not sound tells nothing: known is false.
func readMarks(dir string) (m marks, known bool, err error) {
	b, err := os.ReadFile(NotePath(dir))
	if errors.Is(err, os.ErrNotExist) {
		return marks{}, false, nil
	}
	if err != nil {
		return marks{}, false, &kv.Damage{File: NotePath(dir), Reason: fmt.Sprintf("it cannot be read (%v)", errors.Unwrap(err))}
	}
	if len(b) != markLength || string(b[:len(markHeader)]) != markHeader {
		return marks{}, false, nil
	}
	for i := range m {
		m[i] = binary.BigEndian.Uint64(b[len(markHeader)+8*i:])
	}
	return m, string(encodeMarks(m)) == string(b), nil
}

// marker numbers commits and notes outside of the engine which were acknowledged.
// The note is written after every commit but flushed only now and then: it may be
// behind the engine after a power cut, never ahead of it.
type marker struct {
	last [sequences]uint64 // each changed only by the one who commits in that sequence

	mu      sync.Mutex // guards the rest
	noted   marks
	file    *os.File
	unsaved bool // written since it was flushed
}

// openMarker goes on from the newest numbers that the engine has.
func openMarker(dir string, newest marks) (*marker, error) {
	f, err := os.OpenFile(NotePath(dir), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("store: open the note of commits: %w", err)
	}
	m := &marker{last: newest, noted: newest, file: f}
	if err := errors.Join(f.Truncate(int64(markLength)), m.write()); err != nil {
		return nil, errors.Join(fmt.Errorf("store: write the note of commits: %w", err), f.Close())
	}
	return m, nil
}

// stamp adds the next number to a transaction. Whoever commits in a sequence is
// alone in it until acknowledge.
func (m *marker) stamp(t *badger.Txn, s sequence) error {
	return t.Set(markKeys[s], binary.BigEndian.AppendUint64(nil, m.last[s]+1))
}

// acknowledge notes that the number of the last stamp is on the disk.
func (m *marker) acknowledge(s sequence) error {
	m.last[s]++
	m.mu.Lock()
	defer m.mu.Unlock()
	m.noted[s] = m.last[s]
	return m.write()
}

func (m *marker) write() error {
	m.unsaved = true
	_, err := m.file.WriteAt(encodeMarks(m.noted), 0)
	return err
}

// save flushes the note.
func (m *marker) save() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.unsaved {
		return nil
	}
	m.unsaved = false
	return m.file.Sync()
}

func (m *marker) close() error { return errors.Join(m.save(), m.file.Close()) }
