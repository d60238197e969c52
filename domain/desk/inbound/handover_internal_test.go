package inbound

import (
	"testing"
	"testing/synctest"
	"time"

	"pult/domain"
)

func openHandover() *handover {
	h := newHandover()
	h.noteTaken(h.countJournalled())
	h.setOpen(true)
	return h
}

func TestHandover_IsLeftWhenNobodyTakesIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, started := openHandover(), time.Now()
		if h.offer(t.Context(), &domain.JournalEntry{}) {
			t.Error("stored by nobody")
		}
		if waited := time.Since(started); waited != handoverPatience {
			t.Errorf("waited %v, want %v", waited, handoverPatience)
		}
		if got := len(h.takeWaiting()); got != 0 {
			t.Errorf("%d webhooks still wait, want none to be stored twice", got)
		}
	})
}

func TestHandover_KeepsOutWhatBelongsInTheJournal(t *testing.T) {
	small := &domain.JournalEntry{}
	for name, c := range map[string]struct {
		prepare func(h *handover)
		entry   *domain.JournalEntry
		want    bool
	}{
		"a lone one":             {func(*handover) {}, small, true},
		"before the first start": {func(h *handover) { h.setOpen(false) }, small, false},
		"a long one":             {func(*handover) {}, &domain.JournalEntry{Body: make([]byte, handoverBody+1)}, false},
		"behind a journalled one": {func(h *handover) {
			_ = h.journal(func() error { return nil })
		}, small, true},
		"behind a burst that is journalled": {func(h *handover) {
			for range handoverMost {
				_ = h.journal(func() error { return nil })
			}
		}, small, false},
		"behind a burst that is taken in": {func(h *handover) {
			for range handoverMost {
				_ = h.journal(func() error { return nil })
			}
			h.noteTaken(h.countJournalled())
		}, small, true},
		"in a burst": {func(h *handover) {
			for range handoverMost {
				h.add(&handedIn{stored: make(chan bool, 1)})
			}
		}, small, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			h := openHandover()
			c.prepare(h)
			go func() {
				synctest.Wait()
				answerAll(h.takeWaiting(), true)
			}()
			if got := h.offer(t.Context(), c.entry); got != c.want {
				t.Errorf("%s: stored %v, want %v", name, got, c.want)
			}
		})
	}
}

func TestHandover_TheEndSendsThoseWhoWaitToTheJournal(t *testing.T) {
	h, in := openHandover(), &handedIn{stored: make(chan bool, 1)}
	h.add(in)
	h.setOpen(false)
	if <-in.stored {
		t.Error("stored after the end")
	}
}
