package inbound_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/thread"
	"pult/domain/store"
	"pult/internal/desktest"
)

func commits(d *desktest.Desk) int64 { return d.Store.Engine().Info().Commits }

func said(d *desktest.Desk, text string) carrier.Webhook {
	return desktest.Webhook(carrier.Batch{Messages: []carrier.InboundMessage{d.Text(d.Channel, desktest.Anna, text)}})
}

func TestAccept_ALoneWebhookIsOneCommitAndStoredWhenAnswered(t *testing.T) {
	d := desktest.New(t)
	d.Say(d.Channel, desktest.Anna, "první")
	for _, text := range []string{"druhá", "třetí"} {
		before := commits(d)
		if err := d.Inbound.Accept(t.Context(), d.Channel.Key, said(d, text)); err != nil {
			t.Fatal(err)
		}
		if got := d.With(d.Channel, desktest.Anna).LastMessage.Text; got != text {
			t.Errorf("the conversation shows %q once the vendor was answered, want %q", got, text)
		}
		if got := commits(d) - before; got != 1 {
			t.Errorf("%d commits for a webhook, want 1", got)
		}
	}
}

func TestAccept_WebhooksThatComeTogetherShareCommits(t *testing.T) {
	d := desktest.New(t)
	d.Say(d.Channel, desktest.Anna, "první")
	const writers = 8
	before := commits(d)
	release := holdWriter(d)
	var all sync.WaitGroup
	for i := range writers {
		hook := said(d, fmt.Sprint(i))
		all.Go(func() {
			if err := d.Inbound.Accept(t.Context(), d.Channel.Key, hook); err != nil {
				t.Error(err)
			}
		})
	}
	release()
	all.Wait()
	d.Settle()
	if got := commits(d) - before; got > writers+1 {
		t.Errorf("%d commits for %d webhooks, want no more than one each", got, writers)
	}
	if got := d.With(d.Channel, desktest.Anna).MessageCount; got != writers+1 {
		t.Errorf("%d messages, want %d", got, writers+1)
	}
}

// holdWriter keeps others from writing until release, which commits something.
func holdWriter(d *desktest.Desk) (release func()) {
	held, let, done := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		once := sync.OnceFunc(func() { close(held) })
		done <- d.Store.Update(d.T.Context(), func(tx *store.Tx) error {
			once()
			<-let
			return tx.SetNumber("held", 1)
		})
	}()
	<-held
	return func() {
		close(let)
		if err := <-done; err != nil {
			d.T.Error(err)
		}
	}
}

// While entries wait in the journal, what comes goes behind them.
func TestAccept_NothingOvertakesTheJournal(t *testing.T) {
	d := desktest.New(t)
	d.Say(d.Channel, desktest.Anna, "první")
	refusals := 3
	d.RestartWith(thread.Reaction{
		Name: "refuse",
		On:   []thread.OccurrenceKind{thread.MessageReceived},
		React: func(_ *store.Tx, o thread.Occurrence) error {
			if o.Message.Text == "druhá" && refusals > 0 {
				refusals--
				return errors.New("not yet")
			}
			return nil
		},
	})
	for _, text := range []string{"druhá", "třetí"} {
		if err := d.Inbound.Accept(t.Context(), d.Channel.Key, said(d, text)); err != nil {
			t.Fatal(err)
		}
	}
	d.Settle()
	var order []string
	for _, m := range d.Thread(d.With(d.Channel, desktest.Anna).ID) {
		if m.Direction == domain.Incoming {
			order = append(order, m.Text)
		}
	}
	if got, want := fmt.Sprint(order), fmt.Sprint([]string{"první", "druhá", "třetí"}); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	before := commits(d)
	if err := d.Inbound.Accept(t.Context(), d.Channel.Key, said(d, "čtvrtá")); err != nil || commits(d)-before != 1 {
		t.Errorf("%d commits for a webhook after the journal was taken in, %v; want 1", commits(d)-before, err)
	}
}

func TestAccept_WhatNobodyUnderstandsIsParked(t *testing.T) {
	d := desktest.New(t)
	hook := said(d, "x")
	hook.Body = []byte("no batch")
	if err := d.Inbound.Accept(t.Context(), d.Channel.Key, hook); err != nil {
		t.Fatal(err)
	}
	d.Settle()
	if parked, err := d.Inbound.ListParked(t.Context(), d.Eva); err != nil || len(parked) != 1 {
		t.Errorf("%d entries parked, %v; want the one that cannot be read", len(parked), err)
	}
}

// A webhook whose desk does not work is journalled, and taken in at the next start.
func TestAccept_IsJournalledWhileNothingWorks(t *testing.T) {
	d := desktest.New(t)
	d.Say(d.Channel, desktest.Anna, "první")
	d.Stop()
	if err := d.Inbound.Accept(t.Context(), d.Channel.Key, said(d, "druhá")); err != nil {
		t.Fatal(err)
	}
	if got := d.With(d.Channel, desktest.Anna).MessageCount; got != 1 {
		t.Errorf("%d messages while nothing works, want 1", got)
	}
	d.Restart()
	if got := d.With(d.Channel, desktest.Anna).MessageCount; got != 2 {
		t.Errorf("%d messages after the start, want 2", got)
	}
}

// A writer that takes long keeps no vendor waiting: the webhook is journalled beside it, and stored once.
func TestAccept_ASlowWriterKeepsNoVendorWaiting(t *testing.T) {
	d := desktest.New(t)
	d.Say(d.Channel, desktest.Anna, "první")
	release := holdWriter(d)
	if err := d.Inbound.Accept(t.Context(), d.Channel.Key, said(d, "druhá")); err != nil {
		t.Fatal(err)
	}
	release() // the vendor was answered before
	d.Settle()
	if got := d.With(d.Channel, desktest.Anna).MessageCount; got != 2 {
		t.Errorf("%d messages, want 2", got)
	}
}

// A lone entry of the journal is taken in at once; only those that come in numbers are waited for.
func TestIntake_LingersOnlyWhileBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := desktest.New(t)
		d.Say(d.Channel, desktest.Anna, "první")
		append := func(text string) time.Duration {
			e := domain.JournalEntry{ChannelID: d.Channel.ID, Body: said(d, text).Body}
			if err := d.Store.AppendJournal(t.Context(), &e); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			started := time.Now()
			for d.With(d.Channel, desktest.Anna).LastMessage.Text != text {
				time.Sleep(time.Millisecond)
				synctest.Wait()
			}
			return time.Since(started)
		}
		time.Sleep(time.Second)
		if waited := append("sama"); waited != 0 {
			t.Errorf("a lone entry was taken in after %v, want at once", waited)
		}
		if waited := append("hned"); waited == 0 {
			t.Error("an entry that came right behind another was not waited for")
		}
		time.Sleep(time.Second)
		if waited := append("zase sama"); waited != 0 {
			t.Errorf("a lone entry after a burst was taken in after %v, want at once", waited)
		}
	})
}
