package store

import (
	"slices"
	"strings"

	"pult/domain/store/heads"
	"pult/domain/store/kv"
)

// queueOf gives what the keys of a queue begin with, of the queue that a key is in; ok is false for keys of none.
func queueOf(k []byte) (queue string, ok bool) {
	name, _, _ := strings.Cut(string(k[:min(len(k), 3)]), "/")
	n := len(name) + 1
	switch name {
	case "j", "qt", "qr", "qd", "fu", "fp", "mo":
	case "vw", "ki":
		n += idLen
	case "ql":
		n = len(k) - idLen
	case "qw":
		n = len(k) - 8 - idLen
	default:
		return "", false
	}
	if n <= len(name) || n >= len(k) {
		return "", false
	}
	return string(k[:n]), true
}

// isLane reports whether a queue is a lane of jobs: of those there are many.
func isLane(queue string) bool { return strings.HasPrefix(queue, "ql/") }

// seenHead is the first key of a queue that a transaction saw.
type seenHead struct{ queue, key string }

// queueWrites are what a transaction does to queues.
type queueWrites struct {
	since   heads.Moment // from before its snapshot was taken
	written []string     // keys
	removed [][]byte     // keys
	seen    []seenHead   // by a transaction that may yet be undone
}

// noteWrite moves the head of a key's queue back where it has to, before the key is written.
func (s *Store) noteWrite(k []byte) (ok bool) {
	queue, ok := queueOf(k)
	if !ok {
		return false
	}
	s.heads.StartWriting(queue, string(k))
	if name, ok := strings.CutPrefix(queue, "qw/"); ok {
		s.queues.Add(strings.TrimSuffix(name, "\x00"))
	}
	return true
}

// finish ends what the transaction holds. After a commit the heads move on by what it saw and removed.
func (w *queueWrites) finish(s *Store, committed bool) {
	s.heads.StopWriting(w.written...)
	w.written = nil
	if !committed {
		return
	}
	for _, seen := range w.seen {
		s.heads.MoveForward(seen.queue, seen.key, w.since)
	}
	for _, k := range w.removed {
		queue, _ := queueOf(k)
		s.heads.PassRemoved(queue, string(k), w.since)
	}
}

// finishTx ends what a try of a transaction holds. A second call does nothing.
func finishTx(tx *Tx, committed bool) {
	tx.queued.finish(tx.s, committed)
	beginJobs(tx, committed)
}

// eachQueued is kv.Reader.Iterate for all keys of a queue, forward, from the first that is left. rg.Prefix is what all
// keys of that queue begin with.
func (tx *Tx) eachQueued(rg kv.Range, fn func(k, v []byte) error) error {
	queue, end := string(rg.Prefix), string(kv.PrefixEnd(rg.Prefix))
	if head, known := tx.s.heads.Find(queue); known {
		if head >= end {
			return nil // nothing is in it
		}
		rg.Start = []byte(head)
	}
	first := end
	err := tx.r.Iterate(rg, func(k, v []byte) error {
		if first == end {
			first = string(k)
		}
		return fn(k, v)
	})
	if err != nil {
		return err
	}
	if tx.w == nil {
		tx.s.heads.MoveForward(queue, first, tx.queued.since)
	} else {
		tx.queued.seen = append(tx.queued.seen, seenHead{queue, first}) // what it saw may be its own, and undone
	}
	return nil
}

// firstQueued gives the first key that is left in a queue; nil = none.
func firstQueued(tx *Tx, prefix []byte) (first []byte, err error) {
	err = tx.eachQueued(kv.Range{Prefix: prefix, KeysOnly: true, Limit: 1}, func(k, _ []byte) error {
		first = slices.Clone(k)
		return nil
	})
	return first, err
}
