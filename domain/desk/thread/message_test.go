package thread_test

import (
	"slices"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/desk/thread"
	"pult/domain/store"
	"pult/internal/desktest"
)

func TestAdvanceState_NeverBackwards(t *testing.T) {
	then, now := time.Unix(1000, 0), time.Unix(2000, 0)
	failure := &domain.Failure{Code: "131000"}
	order := []domain.MessageState{
		domain.StateQueued, domain.StateSending, domain.StateUncertain, domain.StateSent, domain.StateFailed, domain.StateDelivered,
		domain.StateRead, domain.StatePlayed,
	}
	for i, from := range order {
		for j, to := range order {
			m := domain.Message{State: from, StateAt: then}
			changed := thread.AdvanceState(&m, to, now, failure)
			want := domain.Message{State: from, StateAt: then}
			if j > i {
				want.State, want.StateAt, want.Failure = to, now, failure
			}
			if changed != (j > i) || m.State != want.State || !m.StateAt.Equal(want.StateAt) || m.Failure != want.Failure {
				t.Errorf("%s to %s: changed %v to %s at %v, want %s at %v", from, to, changed, m.State, m.StateAt, want.State, want.StateAt)
			}
		}
	}
	m := domain.Message{State: domain.StateFailed, Failure: failure}
	if thread.AdvanceState(&m, domain.StateTimedOut, now, nil) || m.Failure != failure {
		t.Errorf("one failure replaced another: %+v", m)
	}
	if !thread.AdvanceState(&m, domain.StateDelivered, now, nil) || m.Failure != nil {
		t.Errorf("proof of delivery left the failure: %+v", m)
	}
}

func TestEndAttempt_ClosesTheLastOneAlone(t *testing.T) {
	now, failure := time.Unix(2000, 0), &domain.Failure{Code: "1"}
	m := domain.Message{Attempts: []domain.Attempt{{Outcome: domain.StateUncertain}, {}}}
	thread.EndAttempt(&m, now, domain.StateFailed, failure)
	if first, last := m.Attempts[0], m.Attempts[1]; first.Outcome != domain.StateUncertain || last.Outcome != domain.StateFailed ||
		last.Failure != failure ||
		!last.EndedAt.Equal(now) {
		t.Errorf("got %+v", m.Attempts)
	}
	if m.State != domain.StateFailed || m.Failure != failure || !m.StateAt.Equal(now) {
		t.Errorf("got %s, %+v at %v", m.State, m.Failure, m.StateAt)
	}
	var none domain.Message
	if thread.EndAttempt(&none, now, domain.StateSent, nil); none.State != domain.StateSent || len(none.Attempts) != 0 {
		t.Errorf("without an attempt: got %+v", none)
	}
}

func TestSetReaction_OneOfEachSide(t *testing.T) {
	theirs := func(emoji string) domain.Reaction { return domain.Reaction{Emoji: emoji, From: domain.Incoming} }
	ours := domain.Reaction{Emoji: "❤", From: domain.Outgoing}
	var m domain.Message
	for _, step := range []struct {
		set  domain.Reaction
		want []domain.Reaction
	}{
		{theirs("👍"), []domain.Reaction{theirs("👍")}},
		{ours, []domain.Reaction{theirs("👍"), ours}},
		{theirs("👎"), []domain.Reaction{ours, theirs("👎")}},
		{theirs(""), []domain.Reaction{ours}},
		{theirs(""), []domain.Reaction{ours}},
	} {
		if thread.SetReaction(&m, step.set); !slices.Equal(m.Reactions, step.want) {
			t.Errorf("after %+v: got %+v, want %+v", step.set, m.Reactions, step.want)
		}
	}
}

func TestFindOurMessage_OnlyWhatIsStored(t *testing.T) {
	d := desktest.New(t)
	m := d.Thread(d.Say(d.Channel, desktest.Anna, "Dobrý den").ID)[0]
	d.View(func(tx *store.Tx) error {
		for echoed, want := range map[string]domain.ID{
			m.ID.String():       m.ID,
			d.NewID().String():  {},
			"":                  {},
			"not an id":         {},
			m.ID.String() + "x": {},
		} {
			if got, err := thread.FindOurMessage(tx, echoed); got != want || err != nil {
				t.Errorf("%q: got %s, %v, want %s", echoed, got, err, want)
			}
		}
		return nil
	})
}
