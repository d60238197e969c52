package store

import (
	"strconv"

	"pult/domain"
	"pult/domain/search"
	"pult/domain/store/kv"
)

// Conversation reads one conversation.
func (tx *Tx) Conversation(id domain.ID) (c domain.Conversation, err error) {
	return c, tx.get(key("v/", id[:]), &c)
}

// Conversations reads some conversations in the order of their ids; missing ones are left out.
func (tx *Tx) Conversations(ids []domain.ID) ([]domain.Conversation, error) {
	keys := make([][]byte, len(ids))
	for i, id := range ids {
		keys[i] = key("v/", id[:])
	}
	list, found, err := many[domain.Conversation](tx, keys)
	out := list[:0]
	for i, c := range list {
		if found[i] {
			out = append(out, c)
		}
	}
	return out, err
}

// ConversationByNumber finds a conversation by the number people see.
func (tx *Tx) ConversationByNumber(number uint64) (domain.Conversation, error) {
	id, ok, err := tx.findID(key("vn/", u64(number)))
	if err != nil {
		return domain.Conversation{}, err
	}
	if !ok {
		return domain.Conversation{}, errMissing
	}
	return tx.Conversation(id)
}

// ConversationWith finds the newest conversation of a contact on a channel.
func (tx *Tx) ConversationWith(channel, contact domain.ID) (domain.Conversation, bool, error) {
	id, ok, err := tx.findID(key("vt/", channel[:], contact[:]))
	if err != nil || !ok {
		return domain.Conversation{}, false, err
	}
	c, err := tx.Conversation(id)
	return c, err == nil, err
}

// PutConversation writes a conversation with its index entries and counters. The channel gives the postings their place
// and the words by which its conversations are found.
func (tx *Tx) PutConversation(c *domain.Conversation, channel *domain.Channel) error {
	var old domain.Conversation
	had, err := tx.find(key("v/", c.ID[:]), &old)
	if err != nil {
		return err
	}
	if !had {
		if err := tx.newConversation(c); err != nil {
			return err
		}
	}
	var oldKeys [][]byte
	if had {
		oldKeys = conversationKeys(&old, channel)
	}
	if err := tx.reindex(oldKeys, conversationKeys(c, channel)); err != nil {
		return wrap(err, "index conversation %s", c.ID)
	}
	if err := tx.count(&old, c); err != nil {
		return err
	}
	return tx.put(key("v/", c.ID[:]), c)
}

func (tx *Tx) newConversation(c *domain.Conversation) error {
	if err := tx.set(key("vn/", u64(c.Number)), c.ID[:]); err != nil {
		return err
	}
	if err := tx.set(key("vt/", c.ChannelID[:], c.ContactID[:]), c.ID[:]); err != nil {
		return err
	}
	return tx.set(key("pc/", c.ContactID[:], c.ID[:]), nil)
}

// count moves the counters by the difference between two states of a conversation; the zero conversation counts nowhere.
func (tx *Tx) count(old, c *domain.Conversation) error {
	was, is := countersOf(old), countersOf(c)
	for name := range was {
		if is[name] {
			delete(is, name)
			continue
		}
		if err := tx.add(name, -1); err != nil {
			return err
		}
	}
	for name := range is {
		if err := tx.add(name, 1); err != nil {
			return err
		}
	}
	return nil
}

func countersOf(c *domain.Conversation) map[string]bool {
	names := map[string]bool{}
	if c.ID.IsZero() || c.Status.IsDone() && !c.IsWaiting() {
		return names
	}
	if c.IsWaiting() {
		names[waitingCounter(c.ChannelID)] = true
	}
	if c.Assignee.IsZero() {
		names[unassignedCounter(c.ChannelID)] = true
	} else {
		names[openCounter(c.Assignee)] = true
	}
	return names
}

func conversationKeys(c *domain.Conversation, channel *domain.Channel) [][]byte {
	newest := inverted(millis(c.ActiveAt))
	keys := [][]byte{
		key("va/", c.ChannelID[:], newest, c.ID[:]),
		key("vs/", c.ChannelID[:], text(string(c.Status)), newest, c.ID[:]),
		key("vb/", c.ChannelID[:], inverted(u64(c.Number)), c.ID[:]),
		key("vp/", c.ChannelID[:], text(clip(search.Fold(c.Name))), c.ID[:]),
	}
	switch {
	case !c.Assignee.IsZero():
		keys = append(keys, key("vo/", c.Assignee[:], newest, c.ID[:]))
	case !c.Status.IsDone() || c.IsWaiting():
		keys = append(keys, key("vu/", c.ChannelID[:], newest, c.ID[:]))
	}
	if c.IsWaiting() {
		keys = append(keys, key("vw/", c.ChannelID[:], millis(c.WaitingSince), c.ID[:]))
	}
	return append(keys, conversationPostings(c, channel)...)
}

// Columns of the chats table that its search can look into.
const (
	ColumnNumber   = "number"
	ColumnName     = "participant"
	ColumnMessage  = "last_message"
	ColumnBusiness = "business_number"
	ColumnSource   = "source"
)

// SearchColumns lists them in the order of the chooser.
var SearchColumns = []string{ColumnNumber, ColumnSource, ColumnBusiness, ColumnName, ColumnMessage}

func conversationPostings(c *domain.Conversation, channel *domain.Channel) [][]byte {
	name := append(search.Terms(c.Name), search.PhoneTerms(c.Address)...)
	if c.To.Kind != domain.PhoneIdentity {
		name = append(search.Terms(c.Name), search.Terms(c.Address)...)
	}
	columns := map[string][]string{
		ColumnNumber:   {strconv.FormatUint(c.Number, 10)},
		ColumnName:     name,
		ColumnMessage:  search.Terms(c.Subject + " " + c.LastMessage.Text),
		ColumnBusiness: search.PhoneTerms(channel.Number),
		ColumnSource:   search.Terms(channel.Name + " " + string(channel.Kind)),
	}
	var keys [][]byte
	for column, terms := range columns {
		keys = append(keys, postings(scopeConversation+column+"/", terms, c.ID, channel.Short)...)
	}
	return keys
}

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
		l.prefixes = append(l.prefixes, key("vs/", c[:], text(string(s))))
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
		l.prefixes = append(l.prefixes, key(prefix, id[:]))
	}
	return l
}

// Page reads conversations of a list in order, from a cursor ("" = from the start), until limit were kept or work entries
// were looked at, and gives the cursor to go on with, "" at the end. Only what is looked at is loaded.
func (tx *Tx) Page(l List, cursor string, limit, work int, keep func(*domain.Conversation) bool) (page []domain.Conversation, next string, err error) {
	merged := newMerge(tx.r, l, []byte(cursor))
	for len(page) < limit && work > 0 {
		batch, last, err := merged.take(min(limit-len(page), work))
		if err != nil || len(batch) == 0 {
			return page, "", err
		}
		work -= len(batch)
		loaded, err := tx.Conversations(batch)
		if err != nil {
			return nil, "", err
		}
		for i := range loaded {
			if keep(&loaded[i]) {
				page = append(page, loaded[i])
			}
		}
		next = string(last)
	}
	if merged.done() {
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
	r       kv.Reader
	prefix  []byte
	from    []byte // last position taken; nil = start
	reverse bool
	buffer  [][]byte
	ended   bool
}

// rangeRead is how many index entries one read of a range fetches ahead.
const rangeRead = 64

func newMerge(r kv.Reader, l List, cursor []byte) *merge {
	m := &merge{less: func(a, b []byte) bool { return string(a) < string(b) }}
	if l.reverse {
		m.less = func(a, b []byte) bool { return string(a) > string(b) }
	}
	for _, p := range l.prefixes {
		ir := &indexRange{r: r, prefix: p, reverse: l.reverse}
		if len(cursor) > 0 {
			ir.from = cursor
		}
		m.ranges = append(m.ranges, ir)
	}
	return m
}

// take gives up to n ids and the position of the last one.
func (m *merge) take(n int) (ids []domain.ID, last []byte, err error) {
	for len(ids) < n {
		best := -1
		for i, r := range m.ranges {
			if m.err = r.fill(); m.err != nil {
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

// done reports whether nothing is left.
func (m *merge) done() bool {
	for _, r := range m.ranges {
		if m.err = r.fill(); m.err != nil || len(r.buffer) > 0 {
			return false
		}
	}
	return true
}

func (r *indexRange) fill() error {
	if len(r.buffer) > 0 || r.ended {
		return nil
	}
	scan := kv.Range{Prefix: r.prefix, KeysOnly: true, Reverse: r.reverse, Limit: rangeRead + 1}
	if r.from != nil {
		scan.Start = key("", r.prefix, r.from)
	}
	err := r.r.Iterate(scan, func(k, _ []byte) error {
		if rest := k[len(r.prefix):]; string(rest) != string(r.from) {
			r.buffer = append(r.buffer, append([]byte(nil), rest...))
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
