package desktest

import (
	"bytes"
	"errors"

	"pult/domain"
	"pult/domain/desk/calls"
	"pult/domain/desk/chats"
	"pult/domain/desk/connections"
	"pult/domain/desk/outbound"
	"pult/domain/desk/requests"
	"pult/domain/desk/thread"
	"pult/domain/store"
	"pult/domain/store/kv"
)

// Customers of many tests: Anna and Bob have telephones, Claire is known to her network alone.
var (
	Anna   = Customer("Anna Bílá", "+420777111222")
	Bob    = Customer("Bob Černý", "+420605998121")
	Claire = Stranger("7001")
)

// Addresses of people who write letters. Mallory is nobody whom the desk knows.
const (
	JanaMail    = "jana@customer.example"
	PavelMail   = "pavel@customer.example"
	MalloryMail = "mallory@elsewhere.example"
)

// View reads the store.
func (d *Desk) View(read func(*store.Tx) error) {
	d.T.Helper()
	d.must(d.Store.View(d.T.Context(), read))
}

// Update changes the store below the use cases, for what no use case does at once.
func (d *Desk) Update(change func(*store.Tx) error) {
	d.T.Helper()
	d.must(d.Store.Update(d.T.Context(), change))
}

// RestartWith begins the desk anew with reactions of a test's own, which run after the desk's.
func (d *Desk) RestartWith(reactions ...thread.Reaction) {
	d.T.Helper()
	d.options.Reactions = reactions
	d.Restart()
}

// BecomeRestored begins the desk anew on its data as if they had been restored from a backup just now.
func (d *Desk) BecomeRestored() {
	d.T.Helper()
	d.Stop()
	d.must(d.Store.Engine().Update(d.T.Context(), func(tx kv.Txn) (err error) {
		for key, value := range store.MarkRestored(d.Clock.Now()) {
			err = errors.Join(err, tx.Set([]byte(key), value))
		}
		return err
	}))
	d.Restart()
}

// LoseSealKey begins the desk anew without the key of its credentials; one is made when some are entered.
func (d *Desk) LoseSealKey() {
	d.T.Helper()
	d.Stop()
	var err error
	d.Store, err = store.Open(d.T.Context(), d.Store.Engine(), store.Options{
		Now:         d.Clock.Now,
		NewSealKey:  func() ([]byte, error) { return bytes.Repeat([]byte{7}, store.SealKeyLength), nil },
		AfterCommit: func(e []domain.Event) { d.Hub.Publish(e...) },
	})
	d.must(err)
	d.options.Store = d.Store
	d.Restart()
}

// NewReply is a text that answers a conversation, with an id of its own.
func (d *Desk) NewReply(conversation domain.ID, text string) outbound.Reply {
	return outbound.Reply{ID: d.NewID(), ConversationID: conversation, Text: text}
}

// Answer lets an operator answer and gives the message as it stands when everything has happened.
func (d *Desk) Answer(who *domain.Operator, conversation domain.ID, text string) domain.Message {
	d.T.Helper()
	sent, err := d.Outbound.Reply(d.T.Context(), who, d.NewReply(conversation, text))
	d.must(err)
	d.Settle()
	return d.Message(who, sent[0].ID)
}

// Message is a message as an operator sees it.
func (d *Desk) Message(who *domain.Operator, id domain.ID) domain.Message {
	d.T.Helper()
	m, err := d.Chats.ReadMessage(d.T.Context(), who, id)
	d.must(err)
	return m.Message
}

// Stored is a conversation as it is stored.
func (d *Desk) Stored(id domain.ID) (conversation domain.Conversation) {
	d.T.Helper()
	d.View(func(tx *store.Tx) (err error) {
		conversation, err = tx.Conversation(id)
		return err
	})
	return conversation
}

// Lines is what an operator reads in a conversation: its messages with the activity lines between them.
func (d *Desk) Lines(who *domain.Operator, conversation domain.ID) []chats.MessageItem {
	d.T.Helper()
	part, err := d.Chats.ListMessages(d.T.Context(), who, conversation, chats.MessagesQuery{})
	d.must(err)
	return part.Items
}

// Search is what an operator finds by words.
func (d *Desk) Search(who *domain.Operator, text string) chats.SearchResult {
	d.T.Helper()
	found, err := d.Chats.Search(d.T.Context(), who, chats.SearchQuery{Text: text})
	d.must(err)
	return found
}

// NewRequest makes a request of a conversation.
func (d *Desk) NewRequest(who *domain.Operator, conversation domain.ID, title string) domain.Request {
	d.T.Helper()
	r, err := d.Requests.Create(d.T.Context(), who, requests.Form{ConversationID: conversation, Title: title})
	d.must(err)
	return r
}

// LogCall writes a call down that ended in this way just now.
func (d *Desk) LogCall(who *domain.Operator, conversation domain.ID, outcome domain.CallState) domain.Message {
	d.T.Helper()
	m, err := d.Calls.Log(d.T.Context(), who, calls.LoggedCall{ConversationID: conversation, Outcome: outcome})
	d.must(err)
	return m
}

// Greet makes a channel greet.
func (d *Desk) Greet(c domain.Channel, text string) {
	d.T.Helper()
	d.must(d.Channels.SetGreeting(d.T.Context(), d.Eva, c.ID, domain.Greeting{On: true, Text: text}))
}

// HealthOf is how a channel does, as an administrator sees it.
func (d *Desk) HealthOf(c domain.Channel) connections.ChannelHealth {
	d.T.Helper()
	h, err := d.Connections.ReadHealth(d.T.Context(), d.Eva, c.ID)
	d.must(err)
	return h
}

// Refusal is the refusal in an error; nil when there is none.
func Refusal(err error) *domain.Error {
	var e *domain.Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// KeyOf is the sentence of a refusal; "" when there is none.
func KeyOf(err error) string {
	if e := Refusal(err); e != nil {
		return e.Key
	}
	return ""
}

// FaultsOf are the sentences of a refusal at the fields of a form.
func FaultsOf(err error) map[string]string {
	if e := Refusal(err); e != nil {
		return e.Fields
	}
	return nil
}

// Keys are the keys of the store that begin with a prefix, as bytes: what is left of something that was removed.
func (d *Desk) Keys(prefix string) (keys []string) {
	d.T.Helper()
	d.must(d.Store.Engine().View(d.T.Context(), func(r kv.Reader) error {
		return r.Iterate(kv.Range{Prefix: []byte(prefix), KeysOnly: true}, func(k, _ []byte) error {
			keys = append(keys, string(k))
			return nil
		})
	}))
	return keys
}
