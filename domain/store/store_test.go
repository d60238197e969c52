package store_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"pult/domain"
	"pult/domain/store"
	"pult/domain/store/kv"
	"pult/domain/store/kv/badgerkv"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

type desk struct {
	*store.Store
	t      *testing.T
	engine kv.Store
	events []domain.Event
	now    time.Time
}

func open(t *testing.T) *desk {
	t.Helper()
	engine, err := badgerkv.Open(badgerkv.Options{InMemory: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	d := &desk{t: t, engine: engine, now: noon}
	d.reopen()
	return d
}

func (d *desk) reopen() {
	d.t.Helper()
	s, err := store.Open(d.t.Context(), d.engine, store.Options{
		Now: func() time.Time { return d.now }, SealKey: make([]byte, store.SealKeyLength), AfterCommit: func(e []domain.Event) { d.events = append(d.events, e...) },
	})
	if err != nil {
		d.t.Fatal(err)
	}
	d.Store = s
}

func (d *desk) update(fn func(*store.Tx) error) {
	d.t.Helper()
	if err := d.Update(d.t.Context(), fn); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) view(fn func(*store.Tx) error) {
	d.t.Helper()
	if err := d.View(d.t.Context(), fn); err != nil {
		d.t.Fatal(err)
	}
}

// fill sets every field of a struct to something that is not its zero value, so that a field the codec forgets is noticed.
func fill(v reflect.Value, n *int) {
	*n++
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(noon.Add(time.Duration(*n) * 1001 * time.Millisecond)))
		return
	case domain.ID:
		v.Set(reflect.ValueOf(domain.ID{1, 2, byte(*n)}))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("žluť %d", *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Uint8, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(*n % 200))
	case reflect.Float64:
		v.SetFloat(float64(*n) + .5)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), n)
		fill(v.Index(1), n)
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, n)
		fill(value, n)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	}
}

func filled[T any]() T {
	var v T
	n := 0
	fill(reflect.ValueOf(&v).Elem(), &n)
	return v
}

func TestRecords_EveryFieldSurvives(t *testing.T) {
	d := open(t)
	channel := filled[domain.Channel]()
	message := filled[domain.Message]()
	conversation := filled[domain.Conversation]()
	request := filled[domain.Request]()
	contact := filled[domain.Contact]()
	operator := filled[domain.Operator]()
	operator.Email = "eva@example.org"
	template := filled[domain.MessageTemplate]()
	template.ChannelID = channel.ID
	job := filled[domain.Job]()
	parked := filled[domain.ParkedEntry]()
	parked.Parts = 0
	d.update(func(tx *store.Tx) error {
		return errors.Join(tx.PutChannel(&channel), tx.PutMessage(&message, 1), tx.PutConversation(&conversation, &channel), tx.PutRequest(&request, 1),
			tx.PutContact(&contact), tx.PutOperator(&operator), tx.ReplaceTemplates(channel.ID, []domain.MessageTemplate{template}), tx.PutJob(&job), tx.PutParked(&parked))
	})
	d.view(func(tx *store.Tx) error {
		same(t, "channel", channel, tx.Channel)(channel.ID)
		raw, err := tx.Raw(message.ID)
		if !bytes.Equal(raw, message.Raw) || err != nil {
			t.Errorf("raw: got %q, %v, want %q", raw, err, message.Raw)
		}
		message.Raw = nil
		same(t, "message", message, tx.Message)(message.ID)
		same(t, "conversation", conversation, tx.Conversation)(conversation.ID)
		same(t, "request", request, tx.Request)(request.ID)
		same(t, "contact", contact, tx.Contact)(contact.ID)
		same(t, "operator", operator, tx.Operator)(operator.ID)
		same(t, "job", job, tx.Job)(job.ID)
		same(t, "parked", parked, tx.ParkedEntry)(parked.ID)
		got, err := tx.MessageTemplate(channel.ID, template.Name, template.Language)
		if err != nil || !equal(got, template) {
			t.Errorf("template: got %+v, %v", got, err)
		}
		return nil
	})
}

func same[T any](t *testing.T, name string, want T, get func(domain.ID) (T, error)) func(domain.ID) {
	return func(id domain.ID) {
		t.Helper()
		got, err := get(id)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		a, b := reflect.ValueOf(got), reflect.ValueOf(want)
		for i := range a.NumField() {
			if x, y := a.Field(i).Interface(), b.Field(i).Interface(); !equal(x, y) {
				t.Errorf("%s.%s: got %v, want %v", name, a.Type().Field(i).Name, x, y)
			}
		}
	}
}

// equal compares what would be told to the outside: pointers by what they point at, times by the moment.
func equal(x, y any) bool {
	a, errA := json.Marshal(x)
	b, errB := json.Marshal(y)
	return errA == nil && errB == nil && bytes.Equal(a, b)
}

func TestMain(m *testing.M) {
	time.Local = time.UTC // stored times come back in the machine's zone: the same moment in other letters
	m.Run()
}

func TestChannel_CredentialsAreSealedOnTheDisk(t *testing.T) {
	d := open(t)
	c := domain.Channel{ID: domain.ID{1}, Key: "k", Driver: "d", Account: "a", Secrets: map[string]domain.Secret{"token": "canary-0815"}}
	d.update(func(tx *store.Tx) error { return tx.PutChannel(&c) })
	err := d.engine.View(t.Context(), func(r kv.Reader) error {
		return r.Iterate(kv.Range{}, func(k, v []byte) error {
			if bytes.Contains(v, []byte("canary")) {
				t.Errorf("the credential stands in clear under %q", k)
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	d.view(func(tx *store.Tx) error {
		got, err := tx.ChannelByKey("k")
		if err != nil || got.Secrets["token"].Reveal() != "canary-0815" {
			t.Errorf("got %q, %v", got.Secrets["token"].Reveal(), err)
		}
		return nil
	})
}

func TestChannel_TwoChannelsCannotShareAnAccount(t *testing.T) {
	d := open(t)
	one := domain.Channel{ID: domain.ID{1}, Key: "one", Driver: "d", Account: "a"}
	two := domain.Channel{ID: domain.ID{2}, Key: "two", Driver: "d", Account: "a"}
	d.update(func(tx *store.Tx) error { return tx.PutChannel(&one) })
	if err := d.Update(t.Context(), func(tx *store.Tx) error { return tx.PutChannel(&two) }); domain.KindOf(err) != domain.Conflict {
		t.Errorf("got %v, want conflict", err)
	}
}

func TestOperator_AddressIsUniqueWithoutCase(t *testing.T) {
	d := open(t)
	a := domain.Operator{ID: domain.ID{1}, Email: "Eva@Example.org"}
	b := domain.Operator{ID: domain.ID{2}, Email: "eva@example.org"}
	d.update(func(tx *store.Tx) error { return tx.PutOperator(&a) })
	if err := d.Update(t.Context(), func(tx *store.Tx) error { return tx.PutOperator(&b) }); domain.KindOf(err) != domain.Conflict {
		t.Errorf("got %v, want conflict", err)
	}
	a.Email = "other@example.org"
	d.update(func(tx *store.Tx) error { return errors.Join(tx.PutOperator(&a), tx.PutOperator(&b)) })
}

func TestMessages_AreReadInOrderFromBothEnds(t *testing.T) {
	d := open(t)
	conversation := domain.ID{7}
	for i := range 25 {
		d.update(func(tx *store.Tx) error {
			return tx.PutMessage(&domain.Message{ID: tx.NewID(), ConversationID: conversation, At: noon.Add(time.Duration(i) * time.Minute), Text: fmt.Sprint(i)}, 1)
		})
	}
	d.view(func(tx *store.Tx) error {
		var seen []string
		for r := (store.MessageRange{Limit: 10}); ; {
			list, older, _, err := tx.Messages(conversation, r)
			if err != nil {
				return err
			}
			for i := len(list) - 1; i >= 0; i-- {
				seen = append(seen, list[i].Text)
			}
			if older == "" {
				break
			}
			r.Before = older
		}
		if len(seen) != 25 || seen[0] != "24" || seen[24] != "0" {
			t.Errorf("got %v, want 24 down to 0", seen)
		}
		list, _, _, err := tx.Messages(conversation, store.MessageRange{Limit: 10})
		if err != nil || list[0].Text != "15" || list[9].Text != "24" {
			t.Errorf("the newest page runs from %s, %v; want 15", list[0].Text, err)
		}
		after, older, newer, err := tx.Messages(conversation, store.MessageRange{After: store.CursorAt(&list[2]), Limit: 3})
		if err != nil || len(after) != 3 || after[0].Text != "18" || newer == "" || older == "" {
			t.Errorf("after message 17: got %d from %v, newer %v, older %v, %v", len(after), after[0].Text, newer != "", older != "", err)
		}
		return nil
	})
}

func TestConversation_EveryIndexEntryHasItsRecordAndBack(t *testing.T) {
	d := open(t)
	channel := domain.Channel{ID: domain.ID{1}, Key: "k", Driver: "d", Name: "Obchod"}
	d.update(func(tx *store.Tx) error { return tx.PutChannel(&channel) })
	count := func() (n int) {
		if err := d.engine.View(t.Context(), func(r kv.Reader) error {
			return r.Iterate(kv.Range{KeysOnly: true}, func([]byte, []byte) error { n++; return nil })
		}); err != nil {
			t.Fatal(err)
		}
		return n
	}
	c := domain.Conversation{ID: domain.ID{9}, Number: 1, ChannelID: channel.ID, ContactID: domain.ID{5}, Name: "Anna", Status: domain.StatusNew, ActiveAt: noon, WaitingSince: noon}
	put := func(change func()) {
		change()
		d.update(func(tx *store.Tx) error { return tx.PutConversation(&c, &channel) })
	}
	put(func() {})
	before := count()
	put(func() {
		c.Status, c.Assignee, c.WaitingSince, c.ActiveAt, c.Name = domain.StatusOpen, domain.ID{3}, time.Time{}, noon.Add(time.Hour), "Božena"
		c.LastMessage.Text = "nějaká slova navíc"
	})
	put(func() {
		c.Status, c.Assignee, c.WaitingSince, c.ActiveAt, c.Name = domain.StatusNew, domain.ID{}, noon, noon, "Anna"
		c.LastMessage.Text = ""
	})
	if after := count(); after != before+1 { // the counter of the assignee stays, at zero
		t.Errorf("got %d keys after changing there and back, want %d: entries were left behind", after, before+1)
	}
	d.view(func(tx *store.Tx) error {
		waiting, err := tx.WaitingCount(channel.ID)
		unassigned, err2 := tx.UnassignedCount(channel.ID)
		open, err3 := tx.OpenCount(domain.ID{3})
		if errors.Join(err, err2, err3) != nil || waiting != 1 || unassigned != 1 || open != 0 {
			t.Errorf("got waiting %d, unassigned %d, open %d; want 1, 1, 0", waiting, unassigned, open)
		}
		return nil
	})
}

// A conversation once stood in the chats table twice: the codec had moved its time by a millisecond, so the next write did
// not find the index entry it had to remove.
func TestConversation_AnyMillisecondIsFoundAgain(t *testing.T) {
	d := open(t)
	channel := domain.Channel{ID: domain.ID{1}, Key: "k", Driver: "d"}
	c := domain.Conversation{ID: domain.ID{9}, Number: 1, ChannelID: channel.ID, ContactID: domain.ID{5}, Status: domain.StatusNew}
	for i := range 1000 {
		c.ActiveAt = noon.Add(time.Duration(i) * 1001 * time.Millisecond)
		d.update(func(tx *store.Tx) error { return tx.PutConversation(&c, &channel) })
	}
	d.view(func(tx *store.Tx) error {
		page, _, err := tx.Page(store.ByActivity([]domain.ID{channel.ID}), "", 10, 100, func(*domain.Conversation) bool { return true })
		if err != nil || len(page) != 1 {
			t.Errorf("got %d rows, %v; want 1", len(page), err)
		}
		return nil
	})
}

func TestEvents_AreNumberedAtCommitAndOldOnesGo(t *testing.T) {
	d := open(t)
	d.update(func(tx *store.Tx) error {
		tx.Record(domain.Event{Kind: domain.EventMessageAdded})
		tx.Record(domain.Event{Kind: domain.EventConversationChanged})
		return nil
	})
	undone := errors.New("undone")
	if err := d.Update(t.Context(), func(tx *store.Tx) error { tx.Record(domain.Event{}); return undone }); !errors.Is(err, undone) {
		t.Fatal(err)
	}
	d.reopen()
	d.update(func(tx *store.Tx) error { tx.Record(domain.Event{Kind: domain.EventOperatorChanged}); return nil })
	if len(d.events) != 3 || d.events[0].Seq != 1 || d.events[2].Seq != 3 {
		t.Errorf("got %+v, want 1 to 3 without a gap, over a restart", d.events)
	}
}

func TestFile_LongOneIsReadBackFromAnyPosition(t *testing.T) {
	d := open(t)
	content := make([]byte, 5*store.PieceSize+77)
	for i := range content {
		content[i] = byte(i * i >> 3)
	}
	f := domain.File{Name: "x"}
	if err := d.WriteFile(t.Context(), &f, bytes.NewReader(content), 10<<20); err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(content); f.Size != int64(len(content)) || f.Chunks != 6 || !bytes.Equal(f.SHA256, sum[:]) {
		t.Errorf("got %d bytes in %d pieces", f.Size, f.Chunks)
	}
	r := d.OpenFile(t.Context(), f)
	got, err := io.ReadAll(r)
	if err != nil || !bytes.Equal(got, content) {
		t.Errorf("got %d bytes, %v; want the same %d", len(got), err, len(content))
	}
	if _, err := r.Seek(-100, io.SeekEnd); err != nil {
		t.Fatal(err)
	}
	if tail, _ := io.ReadAll(r); !bytes.Equal(tail, content[len(content)-100:]) {
		t.Error("the last hundred bytes differ")
	}
}

func TestFile_OneThatWasCutOffIsNone(t *testing.T) {
	d := open(t)
	for _, size := range []int{0, 10, store.PieceSize, 4*store.PieceSize + 10} {
		cut := io.MultiReader(strings.NewReader(strings.Repeat("x", size)), iotest.ErrReader(io.ErrUnexpectedEOF)) // as a body says when the line breaks
		f := domain.File{}
		if err := d.WriteFile(t.Context(), &f, cut, 10<<20); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("after %d bytes: got %v and a file of %d bytes, want that it was cut off", size, err, f.Size)
		}
	}
}

func TestFile_TooLongOneLeavesOnlyWhatTheSweeperFinds(t *testing.T) {
	d := open(t)
	f := domain.File{}
	err := d.WriteFile(t.Context(), &f, strings.NewReader(strings.Repeat("x", 3<<20)), 1<<20)
	if !errors.Is(err, store.ErrFileTooBig) {
		t.Fatalf("got %v, want too big", err)
	}
	d.view(func(tx *store.Tx) error {
		if ids, err := tx.UnclaimedFiles(10); err != nil || len(ids) != 1 || ids[0] != f.ID {
			t.Errorf("got %v, %v; want the upload marked", ids, err)
		}
		return nil
	})
	if err := d.DropFile(t.Context(), f.ID); err != nil {
		t.Fatal(err)
	}
	d.view(func(tx *store.Tx) error {
		if ids, err := tx.UnclaimedFiles(10); err != nil || len(ids) != 0 {
			t.Errorf("got %v, %v; want nothing left", ids, err)
		}
		return nil
	})
}

func TestOpen_StoreOfANewerProgramIsLeftAlone(t *testing.T) {
	d := open(t)
	if err := d.engine.Update(t.Context(), func(w kv.Txn) error { return w.Set([]byte("z"), []byte{0, 0, 0, 99}) }); err != nil {
		t.Fatal(err)
	}
	_, err := store.Open(t.Context(), d.engine, store.Options{Now: time.Now, SealKey: make([]byte, store.SealKeyLength)})
	if !errors.Is(err, store.ErrNewer) {
		t.Errorf("got %v, want %v", err, store.ErrNewer)
	}
}

func TestJournal_EntriesWaitInOrderAndLongBodiesStayWhole(t *testing.T) {
	d := open(t)
	long := bytes.Repeat([]byte("0123456789"), 90_000)
	for _, body := range [][]byte{[]byte("one"), long, []byte("three")} {
		if err := d.AppendJournal(t.Context(), &domain.JournalEntry{Body: body}); err != nil {
			t.Fatal(err)
		}
	}
	var entries []domain.JournalEntry
	d.view(func(tx *store.Tx) (err error) { entries, _, err = tx.Journal(10, 1<<20); return err })
	if len(entries) != 3 || string(entries[0].Body) != "one" || !bytes.Equal(entries[1].Body, long) || string(entries[2].Body) != "three" {
		t.Fatalf("got %d entries, or other bodies", len(entries))
	}
	d.update(func(tx *store.Tx) error { return tx.Park(&domain.ParkedEntry{JournalEntry: entries[1]}) })
	d.view(func(tx *store.Tx) error {
		e, err := tx.ParkedEntry(entries[1].ID)
		if err != nil || !bytes.Equal(e.Body, long) {
			t.Errorf("parked: got %d bytes, %v; want %d", len(e.Body), err, len(long))
		}
		return nil
	})
	d.update(func(tx *store.Tx) error {
		e, err := tx.ParkedEntry(entries[1].ID)
		return errors.Join(err, tx.Unpark(&e, true))
	})
	d.view(func(tx *store.Tx) (err error) { entries, _, err = tx.Journal(10, 1<<20); return err })
	if len(entries) != 3 || !bytes.Equal(entries[1].Body, long) {
		t.Errorf("got %d entries after putting it back, want 3 with the long one whole", len(entries))
	}
}
