package store

import (
	"bytes"

	"pult/domain"
	"pult/domain/store/kv"
)

// List is an ordered list of conversations that a page can be read from.
type List struct {
	prefixes [][]byte // read in step, merged by what follows the prefix
	reverse  bool
}

// ByActivity lists the conversations of channels, last active first.
func ByActivity(channels []domain.ID) List { return listOf("va/", channels) }

// ByStatus lists those with a status, last active first.
func ByStatus(channels []domain.ID, s domain.Status) List {
	l := List{}
	for _, c := range channels {
		l.prefixes = append(l.prefixes, makeKey("vs/", c[:], textPart(string(s))))
	}
	return l
}

// OfAssignee lists those of an operator, last active first.
func OfAssignee(operator domain.ID) List { return listOf("vo/", []domain.ID{operator}) }

// OfNobody lists those nobody is responsible for and that are not done, last active first.
func OfNobody(channels []domain.ID) List { return listOf("vu/", channels) }

// ByWaiting lists those whose customer waits, longest first.
func ByWaiting(channels []domain.ID) List { return listOf("vw/", channels) }

// ByNumber lists by number, highest first.
func ByNumber(channels []domain.ID) List { return listOf("vb/", channels) }

// ByName lists by the participant's folded name.
func ByName(channels []domain.ID) List { return listOf("vp/", channels) }

// Reverse is the same list from its other end.
func (l List) Reverse() List { l.reverse = !l.reverse; return l }

func listOf(prefix string, ids []domain.ID) List {
	l := List{}
	for _, id := range ids {
		l.prefixes = append(l.prefixes, makeKey(prefix, id[:]))
	}
	return l
}

// Page reads conversations of a list in order, from a cursor ("" = from the start), until limit were kept or work
// entries were looked at, and gives the cursor to go on with, "" at the end. Only what is looked at is loaded.
func (tx *Tx) Page(
	l List,
	cursor string,
	limit, work int,
	keep func(*domain.Conversation) bool,
) (page []domain.Conversation, next string, err error) {
	merged := newMerge(tx, l, []byte(cursor))
	for len(page) < limit && work > 0 {
		batch, last, err := merged.takeIDs(min(limit-len(page), work))
		if err != nil || len(batch) == 0 {
			return page, "", err
		}
		work -= len(batch)
		loaded, err := tx.Conversations(batch)
		if err != nil {
			return nil, "", err
		}
		kept := loaded[:0]
		for i := range loaded {
			if keep(&loaded[i]) {
				kept = append(kept, loaded[i])
			}
		}
		if page == nil { // most pages are one batch
			page = kept
		} else {
			page = append(page, kept...)
		}
		next = string(last)
	}
	if merged.isDone() {
		return page, "", merged.err
	}
	return page, next, merged.err
}

// merge reads several index ranges in step, smallest first by what follows each range's prefix.
type merge struct {
	ranges []*indexRange
	less   func(a, b []byte) bool
	err    error
}

type indexRange struct {
	tx      *Tx
	prefix  []byte
	from    []byte // last position taken; nil = start
	reverse bool
	buffer  [][]byte
	ended   bool
}

// placeLength is how long most places of an index are: a time or a number, and an identifier.
const placeLength = 8 + idLen

// rangeRead is how many index entries one read of a range fetches ahead.
const rangeRead = 64

func newMerge(tx *Tx, l List, cursor []byte) *merge {
	m := &merge{less: func(a, b []byte) bool { return string(a) < string(b) }}
	if l.reverse {
		m.less = func(a, b []byte) bool { return string(a) > string(b) }
	}
	for _, p := range l.prefixes {
		ir := &indexRange{tx: tx, prefix: p, reverse: l.reverse}
		if len(cursor) > 0 {
			ir.from = cursor
		}
		m.ranges = append(m.ranges, ir)
	}
	return m
}

// takeIDs gives up to n ids and the position of the last one.
func (m *merge) takeIDs(n int) (ids []domain.ID, last []byte, err error) {
	for len(ids) < n {
		best := -1
		for i, r := range m.ranges {
			if m.err = r.fillBuffer(); m.err != nil {
				return nil, nil, m.err
			}
			if len(r.buffer) > 0 && (best < 0 || m.less(r.buffer[0], m.ranges[best].buffer[0])) {
				best = i
			}
		}
		if best < 0 {
			return ids, last, nil
		}
		last = m.ranges[best].buffer[0]
		m.ranges[best].buffer = m.ranges[best].buffer[1:]
		ids = append(ids, tailID(last))
	}
	return ids, last, nil
}

// isDone reports whether nothing is left.
func (m *merge) isDone() bool {
	for _, r := range m.ranges {
		if m.err = r.fillBuffer(); m.err != nil || len(r.buffer) > 0 {
			return false
		}
	}
	return true
}

func (r *indexRange) fillBuffer() error {
	if len(r.buffer) > 0 || r.ended {
		return nil
	}
	scan := kv.Range{Prefix: r.prefix, KeysOnly: true, Reverse: r.reverse, Limit: rangeRead + 1}
	if r.from != nil {
		scan.Start = makeKey("", r.prefix, r.from)
	}
	if r.buffer == nil {
		r.buffer = make([][]byte, 0, rangeRead+1)
	}
	visit := r.tx.r.Iterate
	if r.from == nil && !r.reverse && bytes.HasPrefix(r.prefix, []byte("vw/")) {
		visit = r.tx.eachQueued // whoever waited longest is answered first: what is gone lies at the front
	}
	// one allocation for all places; those that an enlargement leaves behind stay where they are
	places := make([]byte, 0, (rangeRead+1)*placeLength)
	err := visit(scan, func(k, _ []byte) error {
		if rest := k[len(r.prefix):]; string(rest) != string(r.from) {
			places = append(places, rest...)
			r.buffer = append(r.buffer, places[len(places)-len(rest):len(places):len(places)])
		}
		return nil
	})
	if len(r.buffer) == 0 {
		r.ended = true
		return err
	}
	r.from = r.buffer[len(r.buffer)-1]
	return err
}
