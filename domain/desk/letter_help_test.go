package desk_test

import (
	"errors"
	"io"
	"testing"

	"pult/domain"
	"pult/domain/desk/chats"
	"pult/domain/desk/outbound"
	"pult/domain/store"
	"pult/internal/desktest"
)

func view(t *testing.T, d *desktest.Desk, fn func(*store.Tx) error) {
	t.Helper()
	if err := d.Store.View(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func joined(errs ...error) error { return errors.Join(errs...) }

func chatsQuery(text string) chats.Query { return chats.Query{Text: text} }

func reply(d *desktest.Desk, conversation domain.ID, text string) outbound.Reply {
	return outbound.Reply{ID: d.NewID(), ConversationID: conversation, Text: text}
}

func content(t *testing.T, d *desktest.Desk, who *domain.Operator, id domain.ID) string {
	t.Helper()
	_, r, err := d.Files.Open(t.Context(), who, id)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
