package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/search"
	"pult/domain/store"
)

func letter(id int, channel int, messageID string) domain.Message {
	return domain.Message{
		ID: number(id), ConversationID: number(7), ChannelID: number(channel), At: at(id), Direction: domain.Incoming,
		Mail: &domain.Mail{MessageID: messageID},
	}
}

func TestMessageByMailID_FirstLetterKeepsTheID(t *testing.T) {
	d := open(t)
	for _, m := range []domain.Message{
		letter(1, 1, "A.b@Example.org"), letter(2, 1, "a.b@example.org"), letter(3, 1, ""), letter(4, 2, "c@x"),
	} {
		d.update(func(tx *store.Tx) error { return tx.PutMessage(&m, 1) })
	}
	for _, tc := range []struct {
		channel   int
		messageID string
		want      domain.ID
		ok        bool
	}{
		{1, "a.b@example.org", number(1), true},
		{1, " <A.B@EXAMPLE.ORG> ", number(1), true},
		{1, "a.b@example.com", domain.ID{}, false},
		{2, "a.b@example.org", domain.ID{}, false},
		{2, "c@x", number(4), true},
		{1, "c@x", domain.ID{}, false},
		{1, "", domain.ID{}, false},
	} {
		d.view(func(tx *store.Tx) error {
			id, ok, err := tx.MessageByMailID(number(tc.channel), tc.messageID)
			if id != tc.want || ok != tc.ok {
				t.Errorf("%q on channel %d: got %s, %v, want %s, %v", tc.messageID, tc.channel, id, ok, tc.want, tc.ok)
			}
			return err
		})
	}
}

// A newsletter has more words than one transaction can hold: it is stored all the same and found by its beginning.
func TestPutMessage_NewsletterFitsOneTransaction(t *testing.T) {
	d := open(t)
	var words strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&words, "slovo%d ", i)
	}
	m := letter(1, 1, "n@x")
	m.Mail.Subject, m.Text = "Zpravodaj", words.String()
	d.update(func(tx *store.Tx) error { return tx.PutMessage(&m, 1) })
	d.view(func(tx *store.Tx) error {
		var errs []error
		for word, want := range map[string]int{"zpravodaj": 1, "slovo17": 1, "slovo4999": 0} {
			ids, _, err := tx.Search(store.SearchScope{Of: "messages"}, search.Parse(word), "", 10, keepAll)
			if len(ids) != want {
				t.Errorf("%s: got %d, want %d", word, len(ids), want)
			}
			errs = append(errs, err)
		}
		return errors.Join(errs...)
	})
}
