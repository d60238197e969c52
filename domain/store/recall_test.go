package store

import (
	"context"
	"fmt"
	"reflect"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/store/kv/badgerkv"
)

func openRecalling(t *testing.T) *Store {
	t.Helper()
	engine, err := badgerkv.Open(badgerkv.Options{InMemory: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	s, err := Open(t.Context(), engine, Options{Now: time.Now, SealKey: make([]byte, SealKeyLength)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func putContact(t *testing.T, s *Store, c domain.Contact) {
	t.Helper()
	if err := s.Update(t.Context(), func(tx *Tx) error { return tx.PutContact(&c) }); err != nil {
		t.Fatal(err)
	}
}

func readContact(t *testing.T, s *Store, id domain.ID) domain.Contact {
	t.Helper()
	c, err := Read(t.Context(), s, func(tx *Tx) (domain.Contact, error) { return tx.Contact(id) })
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestRecall_ReadsWhatIsStored(t *testing.T) {
	s, id := openRecalling(t), domain.ID{1}
	for i := range 4 {
		want := domain.Contact{ID: id, Name: fmt.Sprint("Anna ", i%2), Details: map[string]string{"k": fmt.Sprint(i)}}
		putContact(t, s, want)
		for range 2 {
			if got := readContact(t, s, id); !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, want %+v", got, want)
			}
		}
	}
}

// A page reads one snapshot to its end, whatever is written meanwhile.
func TestRecall_SnapshotStaysWhatItWas(t *testing.T) {
	s, id := openRecalling(t), domain.ID{1}
	putContact(t, s, domain.Contact{ID: id, Name: "before"})
	err := s.View(t.Context(), func(tx *Tx) error {
		for _, name := range []string{"first", "second"} {
			putContact(t, s, domain.Contact{ID: id, Name: name})
			if got := readContact(t, s, id); got.Name != name {
				t.Errorf("a new snapshot shows %q, want %q", got.Name, name)
			}
			if c, err := tx.Contact(id); err != nil || c.Name != "before" {
				t.Errorf("the old snapshot shows %q, %v, want what it was", c.Name, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestRecall_DecodesOnce(t *testing.T) {
	s, id := openRecalling(t), domain.ID{1}
	putContact(t, s, domain.Contact{ID: id, Details: map[string]string{"k": "v"}})
	first, second := readContact(t, s, id), readContact(t, s, id)
	if reflect.ValueOf(first.Details).Pointer() != reflect.ValueOf(second.Details).Pointer() {
		t.Error("the same bytes were decoded twice")
	}
}

// Whoever may write gets a record of their own: they change it before they store it.
func TestRecall_WriterMayChangeWhatItReads(t *testing.T) {
	s, id := openRecalling(t), domain.ID{1}
	putContact(t, s, domain.Contact{ID: id, Details: map[string]string{"k": "v"}})
	readContact(t, s, id)
	undone := fmt.Errorf("undone")
	err := s.Update(t.Context(), func(tx *Tx) error {
		c, err := tx.Contact(id)
		if err != nil {
			return err
		}
		c.Details["k"] = "changed"
		return undone
	})
	if err != undone {
		t.Fatal(err)
	}
	if got := readContact(t, s, id); got.Details["k"] != "v" {
		t.Error("a change that was undone is read by others")
	}
}

func TestRecall_StaysBounded(t *testing.T) {
	s := &Store{}
	tx := &Tx{s: s}
	for i := range 20000 {
		raw, err := encodeValue(domain.Contact{Name: fmt.Sprintf("%0200d", i)})
		if err != nil {
			t.Fatal(err)
		}
		var c domain.Contact
		if err := recallValue(tx, raw, false, &c); err != nil {
			t.Fatal(err)
		}
	}
	if n := s.recalled.countBytes(); n > recallBytes || n < recallBytes/2 {
		t.Errorf("got %d bytes, want at most %d and at least half of them", n, recallBytes)
	}
	if n := new(recall).countBytes(); n != 0 {
		t.Errorf("an unused one holds %d bytes", n)
	}
	var c domain.Contact
	if err := recallValue(tx, []byte{99}, false, &c); err == nil {
		t.Error("a value of a newer version was read")
	}
}

func BenchmarkConversations(b *testing.B) {
	engine, err := badgerkv.Open(badgerkv.Options{InMemory: true})
	if err != nil {
		b.Fatal(err)
	}
	defer engine.Close()
	ctx := context.Background()
	s, err := Open(ctx, engine, Options{Now: time.Now, SealKey: make([]byte, SealKeyLength)})
	if err != nil {
		b.Fatal(err)
	}
	channel := domain.Channel{ID: domain.ID{9}, Short: 1}
	for i := range 60 {
		err := s.Update(ctx, func(tx *Tx) error {
			return tx.PutConversation(&domain.Conversation{
				ID: domain.ID{1, byte(i)}, ChannelID: channel.ID, Number: uint64(i), Name: "Zákazník",
				Status: domain.StatusOpen, Address: "+420777000111", ActiveAt: tx.Now, CreatedAt: tx.Now,
				LastMessage: domain.MessageGlance{Text: "Dobrý den, kde je objednávka?", At: tx.Now},
			}, &channel)
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		err := s.View(ctx, func(tx *Tx) error {
			list, _, err := tx.Page(ByActivity([]domain.ID{channel.ID}), "", 50, 2000, func(*domain.Conversation) bool { return true })
			if len(list) != 50 {
				b.Error("not 50")
			}
			return err
		})
		if err != nil {
			b.Error(err)
		}
	}
}
