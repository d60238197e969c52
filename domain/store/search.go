package store

import (
	"bytes"
	"encoding/binary"

	"pult/domain"
	"pult/domain/search"
	"pult/domain/store/kv"
)

// Scopes of search postings.
const (
	scopeMessage      = "m/"
	scopeContact      = "c/"
	scopeRequest      = "r/"
	scopeConversation = "v/"
)

// postingKeys are the index entries of a record's terms, newest record first. The channel's short number lets a search
// leave out what its reader may not see without loading it; 0 is for records that belong to no channel.
func postingKeys(scope string, terms []string, id domain.ID, channel uint32) [][]byte {
	keys := make([][]byte, 0, len(terms))
	seen := make(map[string]bool, len(terms))
	for _, t := range terms {
		if !seen[t] {
			seen[t] = true
			keys = append(keys, makeKey("x/"+scope, textPart(t), invertBytes(id[:]), uint32Part(channel)))
		}
	}
	return keys
}

// phoneTerms are the terms under which a number is found, in whichever of its spellings it is typed.
func phoneTerms(e164 string) (terms []string) {
	for _, spelling := range domain.PhoneSpellings(e164) {
		terms = append(terms, search.PhoneTerms(spelling)...)
	}
	return terms
}

// SearchScope says what to search. Columns only count for conversations.
type SearchScope struct {
	Of       string          // "messages", "contacts", "requests" or "conversations"
	Columns  []string        // of the chats table
	Channels map[uint32]bool // short numbers the reader may see; nil for contacts, which carry none
}

// Work bounds of one search: how many postings it may look at, and how many words a prefix may stand for.
const (
	searchWork    = 20000
	prefixWords   = 200
	postingsRead  = 64
	postingLength = idLen + 4
)

// Search finds records with all terms of a query, newest first, from a cursor ("" = newest), at most limit, keeping
// those keep wants, and gives the cursor to go on with ("" = no more). The work is bounded: a page may come back short
// with a cursor.
func (tx *Tx) Search(
	scope SearchScope,
	q search.Query,
	cursor string,
	limit int,
	keep func(domain.ID) (bool, error),
) (ids []domain.ID, next string, err error) {
	if len(q.Terms) == 0 {
		return nil, "", nil
	}
	lists := make([]search.List, 0, len(q.Terms))
	for _, term := range q.Terms {
		list, err := tx.listOf(scope, term)
		if err != nil || list == nil {
			return nil, "", err
		}
		lists = append(lists, list)
	}
	var from search.Key
	copy(from[:], cursor)
	work := searchWork
	keys, stop, more, err := search.Intersect(lists, from, limit, &work, func(k search.Key) (bool, error) {
		return keep(invertID(k[:]))
	})
	if err != nil {
		return nil, "", err
	}
	for _, k := range keys {
		ids = append(ids, invertID(k[:]))
	}
	if more {
		next = string(stop[:])
	}
	return ids, next, nil
}

// listOf is the union of the postings of a term, in every column searched and for every word its prefix stands for; nil
// when there are none.
func (tx *Tx) listOf(scope SearchScope, term search.Term) (search.List, error) {
	var lists []search.List
	for _, prefix := range scope.keyPrefixes() {
		words := []string{term.Text}
		if term.Prefix {
			var err error
			if words, err = tx.wordsWith(prefix, term.Text); err != nil {
				return nil, err
			}
		}
		for _, w := range words {
			lists = append(lists, &postingList{r: tx.r, prefix: makeKey(prefix, textPart(w)), channels: scope.Channels})
		}
	}
	switch len(lists) {
	case 0:
		return nil, nil
	case 1:
		return lists[0], nil
	}
	return search.Union(lists...), nil
}

func (s SearchScope) keyPrefixes() []string {
	switch s.Of {
	case "contacts":
		return []string{"x/" + scopeContact}
	case "requests":
		return []string{"x/" + scopeRequest}
	case "conversations":
		var out []string
		for _, c := range s.Columns {
			out = append(out, "x/"+scopeConversation+c+"/")
		}
		return out
	}
	return []string{"x/" + scopeMessage}
}

// wordsWith lists the words of the index that begin with a text, skipping from word to word.
func (tx *Tx) wordsWith(prefix, begin string) (words []string, err error) {
	start := makeKey(prefix, []byte(begin))
	for len(words) < prefixWords {
		var found []byte
		err := tx.r.Iterate(kv.Range{
			Prefix:   makeKey(prefix, []byte(begin)),
			Start:    start,
			KeysOnly: true,
			Limit:    1,
		}, func(k, _ []byte) error {
			found = append([]byte(nil), k[len(prefix):]...)
			return nil
		})
		if err != nil || found == nil {
			return words, err
		}
		end := bytes.IndexByte(found, 0)
		if end < 0 {
			return words, nil
		}
		words = append(words, string(found[:end]))
		start = makeKey(prefix, found[:end], []byte{1}) // after every posting of this word
	}
	return words, nil
}

// postingList reads the postings of one word in order, a few at a time.
type postingList struct {
	r        kv.Reader
	prefix   []byte
	channels map[uint32]bool
	buffer   []search.Key
	ended    bool
}

// Seek gives the first posting at or after a key.
func (l *postingList) Seek(from search.Key) (search.Key, bool, error) {
	for i, k := range l.buffer {
		if bytes.Compare(k[:], from[:]) >= 0 {
			l.buffer = l.buffer[i:]
			return k, true, nil
		}
	}
	l.buffer = l.buffer[:0]
	start := makeKey("", l.prefix, from[:])
	for !l.ended {
		read := 0
		var last []byte
		err := l.r.Iterate(kv.Range{
			Prefix:   l.prefix,
			Start:    start,
			KeysOnly: true,
			Limit:    postingsRead,
		}, func(k, _ []byte) error {
			read++
			last = append(last[:0], k...)
			rest := k[len(l.prefix):]
			if len(rest) == postingLength && (l.channels == nil || l.channels[binary.BigEndian.Uint32(rest[idLen:])]) {
				l.buffer = append(l.buffer, search.Key(rest[:idLen]))
			}
			return nil
		})
		if err != nil {
			return search.Key{}, false, err
		}
		if len(l.buffer) > 0 {
			return l.buffer[0], true, nil
		}
		if read < postingsRead {
			l.ended = true
		}
		start = append(append([]byte(nil), last...), 0)
	}
	return search.Key{}, false, nil
}
