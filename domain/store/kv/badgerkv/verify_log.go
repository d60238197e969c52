package badgerkv

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"os"
	"strconv"

	"github.com/dgraph-io/badger/v4/y"
)

// A log is a head and then entries: two bytes of flags, the lengths of key and
// value and a time as varints, key, value, checksum. The last entry of a
// transaction has a flag and names its version. Badger: memtable.go, structs.go.
const (
	logHead      = 20      // bytes; the first eight name an encryption key
	maxEntryKey  = 1 << 16 // the engine takes no longer ones
	flagInTxn    = 1 << 6
	flagEndOfTxn = 1 << 7
)

// readLogs checks the logs of what is not in tables yet, and those of values.
func (v *verification) readLogs() error {
	var chain [sequences]uint64
	for s := range chain {
		chain[s] = v.marksFound()[s]
	}
	for _, suffix := range []string{memSuffix, valueSuffix} {
		names := v.withSuffix(suffix)
		for i, name := range names {
			l := logReader{v: v, path: v.path(name), last: i == len(names)-1, values: suffix == valueSuffix, chain: &chain}
			if err := l.read(); err != nil {
				return err
			}
		}
	}
	return nil
}

// logReader checks one log.
type logReader struct {
	v      *verification
	path   string
	last   bool               // of its kind: the one that was being written
	values bool               // of values, and not of what is not in tables yet
	chain  *[sequences]uint64 // numbers of the commits before
}

func (l *logReader) read() error {
	b, err := os.ReadFile(l.path)
	if err != nil {
		return l.v.damage(l.path, "it cannot be read (%v)", errors.Unwrap(err))
	}
	if len(b) == 0 || l.values && len(b) < logHead {
		return nil // its making was interrupted
	}
	if len(b) < logHead || binary.BigEndian.Uint64(b) != 0 {
		return l.v.damage(l.path, "its head is not what the database wrote")
	}
	end, err := l.readEntries(b)
	if err != nil {
		return err
	}
	return l.checkTail(b[end:])
}

// entry is one entry of a log.
type entry struct {
	flags      byte
	key, value []byte
	size       int // in the log
}

// readEntry reads the entry at the beginning of b. Without one, ok is false;
// sane tells whether the engine can be let near what is there instead.
func readEntry(b []byte) (e entry, ok, sane bool) {
	r := bytes.NewReader(b)
	flags, _ := r.ReadByte()
	_, _ = r.ReadByte() // flags of ours: none
	var lengths [3]uint64
	for i := range lengths {
		n, err := binary.ReadUvarint(r)
		if err != nil {
			// At the end of the file it stops reading; a varint without end makes it give up.
			return entry{}, false, r.Len() == 0
		}
		lengths[i] = n
	}
	head, klen, vlen := len(b)-r.Len(), uint64(uint32(lengths[0])), uint64(uint32(lengths[1]))
	if klen > maxEntryKey {
		return entry{}, false, true
	}
	if uint64(r.Len()) < klen+vlen+crc32.Size {
		return entry{}, false, vlen <= uint64(len(b)) // it would make room for twice as much
	}
	body := head + int(klen+vlen)
	if crc32.Checksum(b[:body], y.CastagnoliCrcTable) != binary.BigEndian.Uint32(b[body:]) || klen == 0 {
		return entry{}, false, true
	}
	return entry{flags, b[head : head+int(klen)], b[head+int(klen) : body], body + crc32.Size}, true, true
}

// readEntries goes on for as long as the engine would, and gives the end of the
// last transaction that is whole.
func (l *logReader) readEntries(b []byte) (end int, err error) {
	end = logHead
	var pending []entry
	for at := logHead; at < len(b); {
		e, ok, sane := readEntry(b[at:])
		if !sane {
			return 0, l.v.damage(l.path, "lengths in it make no sense")
		}
		if !ok {
			break
		}
		at += e.size
		switch version := y.ParseTs(e.key); {
		case e.flags&flagInTxn != 0:
			if len(pending) > 0 && y.ParseTs(pending[0].key) != version {
				return end, nil
			}
			pending = append(pending, e)
			continue
		case e.flags&flagEndOfTxn != 0:
			named, err := strconv.ParseUint(string(e.value), 10, 64)
			if err != nil || len(pending) == 0 || y.ParseTs(pending[0].key) != named {
				return end, nil
			}
		case len(pending) > 0:
			return end, nil
		default:
			pending = append(pending, e)
		}
		if err := l.noteAll(pending); err != nil {
			return 0, err
		}
		pending, end = pending[:0], at
	}
	return end, nil
}

// noteAll takes a whole transaction into account. Numbers of commits follow each
// other; between two logs, or a table and a log, one that is missing was lost.
func (l *logReader) noteAll(entries []entry) error {
	if l.values {
		return nil
	}
	for _, e := range entries {
		key, version := y.ParseKey(e.key), y.ParseTs(e.key)
		l.v.stored = max(l.v.stored, version)
		l.v.note(key, e.value, version)
		s, numbered := sequenceOf(key)
		if !numbered {
			continue
		}
		n := numberIn(e.value)
		if n > l.chain[s]+1 {
			return l.v.damage(l.path, "%d transactions before it are missing", n-l.chain[s]-1)
		}
		l.chain[s] = max(l.chain[s], n)
	}
	return nil
}

// checkTail judges what follows the last whole transaction. A log that was being
// written may end in a torn one, which nobody was told of. A log before it was
// complete, so behind its end there is only room.
func (l *logReader) checkTail(tail []byte) error {
	if len(bytes.Trim(tail, "\x00")) == 0 {
		return nil
	}
	if !l.last {
		return l.v.damage(l.path, "it cannot be read to its end")
	}
	if !l.values {
		l.v.cut = l.path
	}
	return nil
}

// numberIn decodes the number of a commit; 0 = there is none.
func numberIn(value []byte) uint64 {
	if len(value) != 8 {
		return 0
	}
	return binary.BigEndian.Uint64(value)
}
