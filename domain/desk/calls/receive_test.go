package calls_test

import (
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
	"pult/internal/desktest"
)

func TestReceiveCall_MissedLightsTheBeaconAndFindsTheContact(t *testing.T) {
	c := newCalling(t)
	now := c.CallNow(c.line, c.rings(desktest.Anna, "CA-in"))
	if len(now.Ring) != 1 || now.Ring[0] != janasPhone {
		t.Errorf("got %v to ring, want Jana's telephone", now.Ring)
	}
	conversation := c.With(c.line, desktest.Anna)
	if conversation.ContactID != c.chat.ContactID || conversation.IsWaiting() {
		t.Errorf("got %+v, want Anna's, and nobody waits while it rings", conversation)
	}
	for _, who := range []*domain.Operator{c.Jana, c.Petr} {
		if live := c.panel(t, who); live == nil || live.Own || live.Call.State != domain.CallRinging {
			t.Errorf("%s: got %+v on the panel, want the call that rings", who.Name, live)
		}
	}
	c.Clock.Move(30 * time.Second)
	missed := c.news("CA-in", domain.CallReport{Side: domain.TheirSide, Bridge: true, State: domain.CallNoAnswer})
	for range 2 {
		c.Post(c.line, carrier.Batch{Calls: []carrier.InboundCall{missed}})
	}
	conversation = c.With(c.line, desktest.Anna)
	if !conversation.IsWaiting() || conversation.Unread != 1 || conversation.LastMessage.Call != domain.CallMissed {
		t.Errorf("got %+v, want the beacon lit once", conversation)
	}
	if live := c.panel(t, c.Jana); live != nil {
		t.Errorf("got %+v on the panel after it stopped ringing", live)
	}
	if thread := c.Thread(conversation.ID); len(thread) != 1 {
		t.Errorf("got %d entries, want 1", len(thread))
	}
}

func TestReceiveCall_AnsweredBelongsToWhoseTelephoneItWas(t *testing.T) {
	c := newCalling(t)
	c.CallNow(c.line, c.rings(desktest.Bob, "CA-in"))
	took := c.news("CA-in", domain.CallReport{Side: domain.OurSide, Leg: "CA-leg", State: domain.CallAnswered, OurNumber: janasPhone})
	c.CallNow(c.line, took)
	conversation := c.With(c.line, desktest.Bob)
	m := c.Thread(conversation.ID)[0]
	if wantState(t, m, domain.CallAnswered); m.Call.Operator != c.Jana.ID || conversation.Assignee != c.Jana.ID ||
		conversation.IsWaiting() {
		t.Errorf("got %+v, %+v, want it Jana's", m.Call, conversation)
	}
	if live := c.panel(t, c.Jana); live == nil || !live.Own {
		t.Errorf("got %+v on Jana's panel, want her call", live)
	}
	if live := c.panel(t, c.Petr); live != nil {
		t.Errorf("got %+v on Petr's panel, want nothing", live)
	}
	if now := c.CallNow(c.line, c.rings(desktest.Anna, "CA-other")); len(now.Ring) != 0 {
		t.Errorf("got %v to ring, want nobody: Jana is in a call", now.Ring)
	}
	if err := c.Calls.HangUp(t.Context(), c.Jana, m.ID); err != nil {
		t.Errorf("Jana cannot hang up: %v", err)
	}
}

func TestReceiveCall_AnotherTeamsCallRingsForNobodyElse(t *testing.T) {
	c := newCalling(t)
	private := c.AddVoiceChannel("private-line", c.Petr.ID)
	in := c.rings(desktest.Bob, "CA-in")
	in.Account = private.Account
	if now := c.CallNow(private, in); len(now.Ring) != 0 {
		t.Errorf("got %v to ring, want no telephone of those who may not use the line", now.Ring)
	}
	if live := c.panel(t, c.Jana); live != nil {
		t.Errorf("got %+v on Jana's panel, want nothing", live)
	}
	if live := c.panel(t, c.Petr); live == nil {
		t.Error("Petr does not see his own line's call")
	}
}

func TestReceiveCall_RecordingIsFetched(t *testing.T) {
	c := newCalling(t)
	c.Voice.Keep("RE1", "OggS sound")
	c.CallNow(c.line, c.rings(desktest.Anna, "CA-in"))
	c.CallNow(c.line, c.news("CA-in", domain.CallReport{Side: domain.TheirSide, State: domain.CallEnded}))
	news := c.news("CA-in", domain.CallReport{})
	news.Recording = &domain.Attachment{State: domain.FileFetching, VendorID: "RE1", MIME: "audio/mpeg", Voice: true}
	for range 2 {
		c.CallNow(c.line, news)
	}
	m := c.Thread(c.With(c.line, desktest.Anna).ID)[0]
	if len(m.Attachments) != 1 || m.Attachments[0].State != domain.FileStored {
		t.Errorf("got %+v, want the recording once, and here", m.Attachments)
	}
	if wantState(t, m, domain.CallMissed); m.Call.Number != desktest.Anna.Identities[0].Value {
		t.Errorf("got %+v", m.Call)
	}
}

func TestReceiveCall_RecordingWaitsAmongTheFilesOfItsLine(t *testing.T) {
	c := newCalling(t)
	c.Voice.Delay("RE1")
	c.CallNow(c.line, c.rings(desktest.Anna, "CA-in"))
	news := c.news("CA-in", domain.CallReport{})
	news.Recording = &domain.Attachment{State: domain.FileFetching, VendorID: "RE1", MIME: "audio/mpeg", Voice: true}
	c.CallNow(c.line, news)
	err := c.Store.View(t.Context(), func(tx *store.Tx) error {
		if n, _, err := tx.WaitingJobs(c.line.ID.String()+"/files", 2); n != 1 || err != nil {
			t.Errorf("got %d jobs, %v, want the download in the line's own queue, where it holds nobody else up", n, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
