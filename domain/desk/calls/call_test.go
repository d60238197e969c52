package calls_test

import (
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/calls"
	"pult/internal/desktest"
)

func TestStartCall_GoesFromRingingToAnEntryWithItsDuration(t *testing.T) {
	c := newCalling(t)
	m := c.call(t)
	if sent := c.Voice.Dialled(); len(sent) != 1 || sent[0].Agent != janasPhone || sent[0].To.Value != desktest.Anna.Identities[0].Value ||
		sent[0].ID != m.ID {
		t.Fatalf("got %+v, want Jana's telephone to ring for Anna", sent)
	}
	wantState(t, c.entry(t, m.ID), domain.CallDialling)
	wantState(t, c.tell(t, m, domain.CallReport{Side: domain.OurSide, State: domain.CallAnswered}), domain.CallDialling)
	wantState(t, c.tell(t, m, domain.CallReport{Side: domain.TheirSide, State: domain.CallRinging}), domain.CallRinging)
	wantState(t, c.tell(t, m, domain.CallReport{Side: domain.TheirSide, State: domain.CallAnswered}), domain.CallAnswered)
	if live := c.panel(t, c.Jana); live == nil || !live.Own || live.ID != m.ID || live.ContactID != c.chat.ContactID {
		t.Errorf("got %+v on Jana's panel, want her call", live)
	}
	if live := c.panel(t, c.Petr); live != nil {
		t.Errorf("got %+v on Petr's panel, want nothing", live)
	}
	c.Clock.Move(95 * time.Second)
	m = c.tell(t, m, domain.CallReport{Side: domain.TheirSide, State: domain.CallEnded, Duration: 95 * time.Second})
	if wantState(t, m, domain.CallEnded); m.Call.Duration != 95*time.Second || m.Call.Name != c.Jana.Name {
		t.Errorf("got %+v, want 95 seconds of Jana's", m.Call)
	}
	conversation := c.conversation(t, m.ConversationID)
	if conversation.LastOperator != c.Jana.ID || conversation.Assignee != c.Jana.ID || conversation.LastMessage.Call != domain.CallEnded {
		t.Errorf("got %+v, want it Jana's", conversation)
	}
	if live := c.panel(t, c.Jana); live == nil || !live.Call.State.IsOver() {
		t.Errorf("got %+v, want the call to stay on the panel for a note", live)
	}
	if err := c.Calls.Dismiss(t.Context(), c.Jana, m.ID); err != nil || c.panel(t, c.Jana) != nil {
		t.Errorf("got %v, %+v, want an empty panel", err, c.panel(t, c.Jana))
	}
}

func TestStartCall_LeavesALineWhereTheOperatorWas(t *testing.T) {
	c := newCalling(t)
	c.call(t)
	if lines := c.Lines(c.Jana, c.chat.ID); lines[len(lines)-1].ActivityCode != "activity.called" {
		t.Errorf("got %+v, want a line that says so", lines)
	}
}

func TestStartCall_Refusals(t *testing.T) {
	c := newCalling(t)
	private := c.AddVoiceChannel("private-line", c.Petr.ID)
	secret := c.Say(c.Private, desktest.Bob, "Tajné")
	for name, tc := range map[string]struct {
		who  *domain.Operator
		call calls.NewCall
		want domain.ErrorKind
	}{
		"another team's line":    {c.Jana, calls.NewCall{ContactID: c.chat.ContactID, ChannelID: private.ID}, domain.NotFound},
		"another team's contact": {c.Jana, calls.NewCall{ContactID: secret.ContactID, ChannelID: c.line.ID}, domain.NotFound},
		"no telephone of one's":  {c.Petr, calls.NewCall{ContactID: c.chat.ContactID, ChannelID: c.line.ID}, domain.Invalid},
		"somebody else's number": {c.Jana, calls.NewCall{
			ContactID: c.chat.ContactID,
			ChannelID: c.line.ID,
			Number:    "+420999999999",
		}, domain.Invalid},
		"a channel for writing": {c.Jana, calls.NewCall{ContactID: c.chat.ContactID, ChannelID: c.Channel.ID}, domain.Unavailable},
	} {
		if _, err := c.Calls.Start(t.Context(), tc.who, tc.call); domain.KindOf(err) != tc.want {
			t.Errorf("%s: got %v, want %s", name, err, tc.want)
		}
	}
	if sent := c.Voice.Dialled(); len(sent) != 0 {
		t.Errorf("got %d calls, want none", len(sent))
	}
}

func TestStartCall_OneLiveCallForAnOperator(t *testing.T) {
	c := newCalling(t)
	first := c.call(t)
	if again := c.call(t); again.ID != first.ID {
		t.Error("pressing twice made two calls")
	}
	other := c.Say(c.Channel, desktest.Bob, "Mně taky")
	_, err := c.Calls.Start(t.Context(), c.Jana, calls.NewCall{ContactID: other.ContactID, ChannelID: c.line.ID})
	if domain.KindOf(err) != domain.Conflict {
		t.Errorf("got %v, want a conflict", err)
	}
	c.tell(t, first, domain.CallReport{Side: domain.TheirSide, State: domain.CallBusy})
	if _, err := c.Calls.Start(t.Context(), c.Jana, calls.NewCall{ContactID: other.ContactID, ChannelID: c.line.ID}); err != nil {
		t.Errorf("got %v after the first call was over", err)
	}
}

func TestHold_IsKnownBeforeTheVendorAsks(t *testing.T) {
	c := newCalling(t)
	m := c.call(t)
	if err := c.Calls.Hold(t.Context(), c.Jana, m.ID, true); domain.KindOf(err) != domain.Conflict {
		t.Errorf("got %v before anybody answered, want a conflict", err)
	}
	c.tell(t, m, domain.CallReport{Side: domain.TheirSide, State: domain.CallAnswered})
	if err := c.Calls.Hold(t.Context(), c.Petr, m.ID, true); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("got %v for somebody else's call, want forbidden", err)
	}
	if err := c.Calls.Hold(t.Context(), c.Jana, m.ID, true); err != nil {
		t.Fatal(err)
	}
	asked := carrier.InboundCall{
		Account: c.line.Account,
		Ours:    m.ID.String(),
		Report:  domain.CallReport{Side: domain.TheirSide, Bridge: true, State: domain.CallEnded},
	}
	if now := c.CallNow(c.line, asked); !now.Held || !now.Room {
		t.Errorf("got %+v, want the vendor to be told of the hold", now)
	}
	wantState(t, c.entry(t, m.ID), domain.CallAnswered)
	if err := c.Calls.Hold(t.Context(), c.Jana, m.ID, false); err != nil {
		t.Fatal(err)
	}
	c.Settle()
	if got := c.Voice.Asked(); len(got) != 2 || got[0] != "hold ours-"+m.ID.String() || got[1] != "resume ours-"+m.ID.String() {
		t.Errorf("got %v, want hold and resume", got)
	}
	c.tell(t, m, domain.CallReport{Side: domain.TheirSide, State: domain.CallEnded})
	if got := c.Voice.Asked(); len(got) != 3 || got[2] != "hangup ours-"+m.ID.String() {
		t.Errorf("got %v, want our end of the conference hung up too", got)
	}
}

func TestHangup_OnlyOnesOwnCall(t *testing.T) {
	c := newCalling(t)
	m := c.call(t)
	if err := c.Calls.HangUp(t.Context(), c.Petr, m.ID); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("got %v, want forbidden", err)
	}
	if err := c.Calls.HangUp(t.Context(), c.Jana, m.ID); err != nil {
		t.Fatal(err)
	}
	c.Settle()
	if got := c.Voice.Asked(); len(got) != 1 || got[0] != "hangup ours-"+m.ID.String() {
		t.Errorf("got %v, want one hang-up", got)
	}
}

func TestNoteOnCall_IsTheTextOfTheEntry(t *testing.T) {
	c := newCalling(t)
	m := c.call(t)
	if err := c.Calls.Note(t.Context(), c.Petr, m.ID, " Chce vrátit peníze "); err != nil {
		t.Fatal(err)
	}
	if got := c.entry(t, m.ID).Text; got != "Chce vrátit peníze" {
		t.Errorf("got %q", got)
	}
	if got := c.conversation(t, m.ConversationID).LastMessage.Text; got != "Chce vrátit peníze" {
		t.Errorf("got %q in the table", got)
	}
	message := c.Thread(c.chat.ID)[0]
	if err := c.Calls.Note(t.Context(), c.Jana, message.ID, "x"); domain.KindOf(err) != domain.NotFound {
		t.Errorf("got %v on a message that is no call, want not found", err)
	}
}

func TestReply_ALineForCallsCarriesNoText(t *testing.T) {
	c := newCalling(t)
	m := c.call(t)
	if _, err := c.Outbound.Reply(t.Context(), c.Jana, c.NewReply(m.ConversationID, "Dobrý den")); domain.KindOf(err) != domain.Invalid {
		t.Errorf("got %v, want a refusal", err)
	}
}
