package store

import (
	"slices"

	"pult/domain"
	"pult/domain/search"
	"pult/domain/store/kv"
)

// Request reads one request.
func (tx *Tx) Request(id domain.ID) (r domain.Request, err error) {
	err = recallRecord(tx, makeKey("r/", id[:]), &r)
	return r, err
}

// RequestByNumber finds a request by the number in its code.
func (tx *Tx) RequestByNumber(number uint64) (domain.Request, error) {
	id, ok, err := tx.findID(makeKey("rn/", uint64Part(number)))
	if err != nil {
		return domain.Request{}, err
	}
	if !ok {
		return domain.Request{}, errMissing
	}
	return tx.Request(id)
}

// PutRequest writes a request with its index entries. short is its channel's, 0 without one.
func (tx *Tx) PutRequest(r *domain.Request, short uint32) error {
	var old domain.Request
	had, err := tx.findRecord(makeKey("r/", r.ID[:]), &old)
	if err != nil {
		return err
	}
	var oldKeys [][]byte
	if had {
		oldKeys = requestKeys(&old, short)
	} else if err := tx.setKey(makeKey("rn/", uint64Part(r.Number)), r.ID[:]); err != nil {
		return err
	}
	if err := tx.replaceKeys(oldKeys, requestKeys(r, short)); err != nil {
		return wrapError(err, "index request %s", r.ID)
	}
	if err := tx.putSuggestions(r); err != nil {
		return err
	}
	return tx.putRecord(makeKey("r/", r.ID[:]), r)
}

func requestKeys(r *domain.Request, short uint32) [][]byte {
	words := r.Code() + " " + r.Title + " " + r.Company + " " + r.Contact + " " + domain.Clip(r.Description, 2000)
	keys := postingKeys(scopeRequest, search.Terms(words), r.ID, short)
	if !r.ConversationID.IsZero() {
		keys = append(keys, makeKey("rv/", r.ConversationID[:], invertBytes(r.ID[:])))
	}
	return keys
}

// RequestsOf reads requests of a conversation, newest first: those before a request (zero = from the newest), until limit
// were kept or work were looked at. next is the request to go on before; zero = these were the last.
func (tx *Tx) RequestsOf(
	conversation, before domain.ID,
	limit, work int,
	keep func(*domain.Request) bool,
) (list []domain.Request, next domain.ID, err error) {
	prefix := makeKey("rv/", conversation[:])
	scan := kv.Range{Prefix: prefix, KeysOnly: true}
	if !before.IsZero() {
		scan.Start = makeKey("", prefix, invertBytes(before[:]))
	}
	var last domain.ID
	err = tx.r.Iterate(scan, func(k, _ []byte) error {
		id := invertID(k[len(k)-idLen:])
		if id == before {
			return nil
		}
		if len(list) == limit || work == 0 {
			next = last
			return kv.ErrStop
		}
		work--
		r, err := tx.Request(id)
		if err != nil {
			return err
		}
		if last = id; keep(&r) {
			list = append(list, r)
		}
		return nil
	})
	return list, next, err
}

// CountRequestsOf counts the requests of a conversation, at most as many as most.
func (tx *Tx) CountRequestsOf(conversation domain.ID, most int) (n int, err error) {
	err = tx.r.Iterate(kv.Range{Prefix: makeKey("rv/", conversation[:]), KeysOnly: true, Limit: most}, func(_, _ []byte) error {
		n++
		return nil
	})
	return n, err
}

// Names that were given to requests are suggested for others. They are kept by channel, because who may not use a channel
// is not to learn from a list under a field what happens on it.
const (
	suggestedTags      = "gt/"
	suggestedCompanies = "gc/"
)

// SuggestTags lists tags of requests on some channels whose folded form begins with a text, in its order.
func (tx *Tx) SuggestTags(channels []domain.ID, prefix string, limit int) ([]string, error) {
	return tx.suggest(suggestedTags, channels, prefix, limit)
}

// SuggestCompanies lists names of companies as SuggestTags lists tags.
func (tx *Tx) SuggestCompanies(channels []domain.ID, prefix string, limit int) ([]string, error) {
	return tx.suggest(suggestedCompanies, channels, prefix, limit)
}

// putSuggestions remembers what a request is called and tagged; of spellings that fold to the same the last one stays.
func (tx *Tx) putSuggestions(r *domain.Request) error {
	for _, tag := range r.Tags {
		if err := tx.setKey(suggestionKey(suggestedTags, r.ChannelID, tag), []byte(tag)); err != nil {
			return err
		}
	}
	if r.Company == "" {
		return nil
	}
	return tx.setKey(suggestionKey(suggestedCompanies, r.ChannelID, r.Company), []byte(r.Company))
}

func suggestionKey(kind string, channel domain.ID, name string) []byte {
	return makeKey(kind, channel[:], []byte(clipText(search.Fold(name))))
}

// suggest takes the first names of every channel and puts them together, each once.
func (tx *Tx) suggest(kind string, channels []domain.ID, prefix string, limit int) ([]string, error) {
	named := map[string]string{} // by folded form
	for _, channel := range channels {
		begin := makeKey(kind, channel[:])
		err := tx.r.Iterate(kv.Range{Prefix: suggestionKey(kind, channel, prefix), Limit: limit}, func(k, v []byte) error {
			named[string(k[len(begin):])] = string(v)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	folded := make([]string, 0, len(named))
	for one := range named {
		folded = append(folded, one)
	}
	slices.Sort(folded)
	var list []string
	for _, one := range folded[:min(limit, len(folded))] {
		list = append(list, named[one])
	}
	return list, nil
}
