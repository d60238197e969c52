package store_test

import (
	"fmt"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/store"
	"pult/domain/store/kv"
	"pult/domain/store/kv/kvtest"
)

// counted is a desk whose engine counts what is walked over.
func counted(t *testing.T) (*desk, *kvtest.Counter) {
	t.Helper()
	d := open(t)
	counter := kvtest.Count(d.engine)
	d.engine = counter
	d.reopen()
	return d, counter
}

// journal lists the entries that wait, by their bodies.
func (d *desk) journal() (bodies []string) {
	d.t.Helper()
	d.view(func(tx *store.Tx) error {
		list, _, err := tx.Journal(100, 1<<20)
		for i := range list {
			bodies = append(bodies, string(list[i].Body))
		}
		return err
	})
	return bodies
}

func (d *desk) appendJournal(body string) domain.JournalEntry {
	d.t.Helper()
	e := domain.JournalEntry{Body: []byte(body)}
	if err := d.AppendJournal(d.t.Context(), &e); err != nil {
		d.t.Fatal(err)
	}
	return e
}

// takeJournal removes the oldest entries as the intake does.
func (d *desk) takeJournal(n int) {
	d.t.Helper()
	d.view(func(tx *store.Tx) error {
		list, _, err := tx.Journal(n, 1<<20)
		if err != nil {
			return err
		}
		d.update(func(tx *store.Tx) error {
			for i := range list {
				if err := tx.DropJournal(&list[i]); err != nil {
					return err
				}
			}
			return nil
		})
		return nil
	})
}

func TestJournal_ReadingDoesNotWalkOverWhatWasTakenIn(t *testing.T) {
	d, counter := counted(t)
	walk := func(n int) int {
		for i := range n {
			d.appendJournal(fmt.Sprint(i))
			d.takeJournal(10)
		}
		d.appendJournal("last")
		before := counter.Steps()
		wantList(t, "journal", d.journal(), []string{"last"})
		steps := counter.Steps() - before
		d.takeJournal(10)
		return steps
	}
	few, many := walk(3), walk(500)
	if many > few || many > 2 {
		t.Errorf("walked over %d keys after 500 entries were taken in, %d after 3; want no more than 2", many, few)
	}
}

func TestJobs_LookingDoesNotWalkOverWhatWasDone(t *testing.T) {
	d, counter := counted(t)
	look := func() int {
		before := counter.Steps()
		d.view(func(tx *store.Tx) error {
			names, err := tx.Queues()
			for _, name := range names {
				if _, _, _, err := tx.ReadyJobs(name, 10); err != nil {
					return err
				}
			}
			if _, _, err := tx.ExpiredLeases(10); err != nil {
				return err
			}
			_, _, err2 := tx.NextInLane("lane")
			if _, err := tx.DeadJobs(10); err != nil {
				return err
			}
			_, _, err3 := tx.WaitingJobs("vendor", 10)
			return firstError(err, err2, err3)
		})
		return counter.Steps() - before
	}
	work := func(n int) int {
		for range n {
			var j domain.Job
			d.update(func(tx *store.Tx) error {
				return tx.Enqueue(domain.Job{Kind: domain.JobSweep, Lane: "lane", Queue: "vendor"})
			})
			d.view(func(tx *store.Tx) error {
				ids, _, _, err := tx.ReadyJobs("vendor", 1)
				if err != nil {
					return err
				}
				j, err = tx.Job(ids[0])
				return err
			})
			for _, state := range []domain.JobState{domain.JobRunning, domain.JobDead, domain.JobWaiting, domain.JobRunning} {
				j.State, j.LeaseUntil = state, d.now.Add(time.Minute)
				d.update(func(tx *store.Tx) error { return tx.PutJob(&j) })
				look()
			}
			d.update(func(tx *store.Tx) error { return tx.DropJob(&j) })
			look()
			d.now = d.now.Add(time.Second)
		}
		return look()
	}
	few, many := work(3), work(200)
	if many > few || many > 0 {
		t.Errorf("walked over %d keys with nothing to do after 200 jobs, %d after 3; want none", many, few)
	}
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func TestJournal_AnEntryPutBackBeforeTheRememberedBeginningIsRead(t *testing.T) {
	d, _ := counted(t)
	old := d.appendJournal("old")
	d.update(func(tx *store.Tx) error {
		return tx.Park(&domain.ParkedEntry{JournalEntry: old})
	})
	for i := range 5 {
		d.appendJournal(fmt.Sprint(i))
		d.takeJournal(10)
	}
	d.appendJournal("new")
	wantList(t, "journal", d.journal(), []string{"new"})
	d.update(func(tx *store.Tx) error {
		e, err := tx.ParkedEntry(old.ID)
		if err != nil {
			return err
		}
		return tx.Unpark(&e, true)
	})
	wantList(t, "journal after the replay", d.journal(), []string{"old", "new"})
	d.takeJournal(10)
	wantList(t, "journal at the end", d.journal(), nil)
}

func TestJournal_AClockSetBackHidesNothing(t *testing.T) {
	d, _ := counted(t)
	for i := range 5 {
		d.appendJournal(fmt.Sprint(i))
		d.takeJournal(10)
	}
	wantList(t, "journal", d.journal(), nil)
	d.now = d.now.Add(-48 * time.Hour)
	d.reopen() // another start of the program: its ids begin with the clock's time again
	d.takeJournal(10)
	d.appendJournal("yesterday")
	wantList(t, "journal", d.journal(), []string{"yesterday"})
}

func TestJobs_OneDueSoonerThanTheRememberedBeginningIsFound(t *testing.T) {
	d, _ := counted(t)
	late := domain.Job{ID: number(7), Queue: "vendor", State: domain.JobWaiting, Due: d.now.Add(time.Hour)}
	later := domain.Job{ID: number(8), Queue: "vendor", State: domain.JobWaiting, Due: d.now.Add(2 * time.Hour)}
	d.update(func(tx *store.Tx) error { return firstError(tx.PutJob(&late), tx.PutJob(&later)) })
	ready := func() (ids []domain.ID) {
		d.view(func(tx *store.Tx) (err error) { ids, _, _, err = tx.ReadyJobs("vendor", 10); return err })
		return ids
	}
	wantList(t, "ready", ready(), nil)
	later.Due = d.now.Add(-time.Hour)
	d.update(func(tx *store.Tx) error { return tx.PutJob(&later) })
	wantList(t, "ready after the change", ready(), []domain.ID{later.ID})

	d.update(func(tx *store.Tx) error { return tx.DropJob(&later) })
	wantList(t, "ready after it was done", ready(), nil)
	other := domain.Job{ID: number(1), Queue: "vendor", State: domain.JobWaiting, Due: d.now.Add(-24 * time.Hour)}
	d.update(func(tx *store.Tx) error { return tx.PutJob(&other) })
	wantList(t, "ready with an earlier one", ready(), []domain.ID{other.ID})
}

func TestQueues_OneThatWasEmptyIsNamedAgain(t *testing.T) {
	d, _ := counted(t)
	names := func() (list []string) {
		d.view(func(tx *store.Tx) (err error) { list, err = tx.Queues(); return err })
		return list
	}
	wantList(t, "queues", names(), []string{""})
	j := domain.Job{ID: number(1), Queue: "vendor", State: domain.JobWaiting, Due: d.now}
	for range 3 {
		d.update(func(tx *store.Tx) error { return tx.PutJob(&j) })
		wantList(t, "queues", names(), []string{"", "vendor"})
		d.update(func(tx *store.Tx) error { return tx.DropJob(&j) })
		wantList(t, "queues", names(), []string{""})
	}
	d.update(func(tx *store.Tx) error { return tx.PutJob(&j) })
	d.reopen()
	wantList(t, "queues after a start", names(), []string{"", "vendor"})
}

// A reader must not move the beginning past what was being written when its snapshot was taken.
func TestJournal_AnEntryWrittenWhileSomebodyReadsIsNotPassed(t *testing.T) {
	d, _ := counted(t)
	parked := make([]domain.JournalEntry, 3)
	for i := range parked {
		parked[i] = d.appendJournal(fmt.Sprint("parked ", i))
		d.update(func(tx *store.Tx) error { return tx.Park(&domain.ParkedEntry{JournalEntry: parked[i]}) })
	}
	replay := func(i int) {
		d.update(func(tx *store.Tx) error {
			e, err := tx.ParkedEntry(parked[i].ID)
			return firstError(err, tx.Unpark(&e, true))
		})
	}
	d.appendJournal("new")
	d.view(func(tx *store.Tx) error { // its snapshot knows of no replay
		replay(0)
		list, _, err := tx.Journal(10, 1<<20)
		if len(list) != 1 {
			t.Errorf("the snapshot has %d entries, want 1", len(list))
		}
		return err
	})
	wantList(t, "journal", d.journal(), []string{"parked 0", "new"})
	d.takeJournal(1)
	wantList(t, "journal", d.journal(), []string{"new"})
	d.update(func(tx *store.Tx) error { // one that reads before it is committed
		e, err := tx.ParkedEntry(parked[1].ID)
		if err := firstError(err, tx.Unpark(&e, true)); err != nil {
			return err
		}
		wantList(t, "journal beside the transaction", d.journal(), []string{"new"})
		return nil
	})
	wantList(t, "journal", d.journal(), []string{"parked 1", "new"})
}

func TestUpdate_UndoneRemovalIsReadAgain(t *testing.T) {
	d, _ := counted(t)
	first := d.appendJournal("first")
	wantList(t, "journal", d.journal(), []string{"first"})
	undone := fmt.Errorf("undone")
	err := d.Update(t.Context(), func(tx *store.Tx) error {
		if err := tx.DropJournal(&first); err != nil {
			return err
		}
		list, _, err := tx.Journal(10, 1<<20)
		if len(list) != 0 {
			t.Errorf("the transaction still sees %d entries", len(list))
		}
		return firstError(err, undone)
	})
	if err == nil {
		t.Error("want the error of the function")
	}
	wantList(t, "journal", d.journal(), []string{"first"})
}

func TestByWaiting_DoesNotWalkOverWhoWasAnswered(t *testing.T) {
	d, counter := counted(t)
	channel := domain.Channel{ID: number(1), Short: 1}
	wait := func(n int) int {
		for i := range n {
			c := domain.Conversation{ID: domain.ID{1, byte(i >> 8), byte(i), 15: byte(n)}, ChannelID: channel.ID, WaitingSince: d.now}
			d.update(func(tx *store.Tx) error { return tx.PutConversation(&c, &channel) })
			c.WaitingSince = time.Time{}
			d.update(func(tx *store.Tx) error { return tx.PutConversation(&c, &channel) })
			d.now = d.now.Add(time.Second)
		}
		read := func() {
			d.view(func(tx *store.Tx) error {
				_, _, err := tx.Page(store.ByWaiting([]domain.ID{channel.ID}), "", 10, 100,
					func(*domain.Conversation) bool { return true })
				return err
			})
		}
		read()
		before := counter.Steps()
		read()
		return counter.Steps() - before
	}
	if few, many := wait(3), wait(300); many > few {
		t.Errorf("walked over %d keys after 300 were answered, %d after 3", many, few)
	}
}

var _ kv.Store = (*kvtest.Counter)(nil)
