package store

import (
	"pult/domain"
	"pult/domain/search"
	"pult/domain/store/kv"
)

// Request reads one request.
func (tx *Tx) Request(id domain.ID) (r domain.Request, err error) {
	return r, tx.get(key("r/", id[:]), &r)
}

// RequestByNumber finds a request by the number in its code.
func (tx *Tx) RequestByNumber(number uint64) (domain.Request, error) {
	id, ok, err := tx.findID(key("rn/", u64(number)))
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
	had, err := tx.find(key("r/", r.ID[:]), &old)
	if err != nil {
		return err
	}
	var oldKeys [][]byte
	if had {
		oldKeys = requestKeys(&old, short)
	} else if err := tx.set(key("rn/", u64(r.Number)), r.ID[:]); err != nil {
		return err
	}
	if err := tx.reindex(oldKeys, requestKeys(r, short)); err != nil {
		return wrap(err, "index request %s", r.ID)
	}
	for _, tag := range r.Tags {
		if err := tx.set(key("g/", []byte(clip(search.Fold(tag)))), []byte(tag)); err != nil {
			return err
		}
	}
	return tx.put(key("r/", r.ID[:]), r)
}

func requestKeys(r *domain.Request, short uint32) [][]byte {
	words := r.Code() + " " + r.Title + " " + r.Company + " " + r.Contact + " " + domain.Clip(r.Description, 2000)
	keys := postings(scopeRequest, search.Terms(words), r.ID, short)
	if !r.ConversationID.IsZero() {
		keys = append(keys, key("rv/", r.ConversationID[:], inverted(r.ID[:])))
	}
	return keys
}

// RequestsOf reads the requests of a conversation, newest first, as long as keep wants them.
func (tx *Tx) RequestsOf(conversation domain.ID, keep func(*domain.Request) bool) (list []domain.Request, err error) {
	err = tx.r.Iterate(kv.Range{Prefix: key("rv/", conversation[:]), KeysOnly: true}, func(k, _ []byte) error {
		r, err := tx.Request(invertedID(k[len(k)-idLen:]))
		if err != nil {
			return err
		}
		if keep(&r) {
			list = append(list, r)
		}
		return nil
	})
	return list, err
}

// RequestTemplates reads all templates of requests.
func (tx *Tx) RequestTemplates() ([]domain.RequestTemplate, error) {
	return all[domain.RequestTemplate](tx, key("rt/"))
}

// RequestTemplate reads one template of requests.
func (tx *Tx) RequestTemplate(id domain.ID) (t domain.RequestTemplate, err error) {
	return t, tx.get(key("rt/", id[:]), &t)
}

// PutRequestTemplate writes a template of requests.
func (tx *Tx) PutRequestTemplate(t *domain.RequestTemplate) error {
	return tx.put(key("rt/", t.ID[:]), t)
}

// Tags lists tags whose folded form begins with a text.
func (tx *Tx) Tags(prefix string, limit int) (list []string, err error) {
	err = tx.r.Iterate(kv.Range{Prefix: key("g/", []byte(search.Fold(prefix))), Limit: limit}, func(_, v []byte) error {
		list = append(list, string(v))
		return nil
	})
	return list, err
}

// MessageTemplates reads the vendor-approved templates of a channel, by name and language.
func (tx *Tx) MessageTemplates(channel domain.ID) ([]domain.MessageTemplate, error) {
	return all[domain.MessageTemplate](tx, key("t/", channel[:]))
}

// MessageTemplate reads one template of a channel.
func (tx *Tx) MessageTemplate(channel domain.ID, name, language string) (t domain.MessageTemplate, err error) {
	return t, tx.get(templateKey(channel, name, language), &t)
}

// ReplaceTemplates makes the templates of a channel those of the list.
func (tx *Tx) ReplaceTemplates(channel domain.ID, list []domain.MessageTemplate) error {
	old := map[string]bool{}
	err := tx.r.Iterate(kv.Range{Prefix: key("t/", channel[:]), KeysOnly: true}, func(k, _ []byte) error {
		old[string(k)] = true
		return nil
	})
	if err != nil {
		return err
	}
	for i := range list {
		k := templateKey(channel, list[i].Name, list[i].Language)
		delete(old, string(k))
		if err := tx.put(k, &list[i]); err != nil {
			return wrap(err, "put template %s", list[i].Name)
		}
	}
	for k := range old {
		if err := tx.delete([]byte(k)); err != nil {
			return err
		}
	}
	return nil
}

func templateKey(channel domain.ID, name, language string) []byte {
	return key("t/", channel[:], text(clip(name)), []byte(language))
}

// Draft reads what an operator left unsent in a conversation; the zero draft when nothing.
func (tx *Tx) Draft(operator, conversation domain.ID) (d domain.Draft, err error) {
	_, err = tx.find(key("d/", operator[:], conversation[:]), &d)
	return d, err
}

// PutDraft keeps a draft; an empty one is removed.
func (tx *Tx) PutDraft(d *domain.Draft) error {
	k := key("d/", d.Operator[:], d.ConversationID[:])
	if d.Text == "" && len(d.Files) == 0 && d.ReplyTo.IsZero() {
		return tx.delete(k)
	}
	return tx.put(k, d)
}
