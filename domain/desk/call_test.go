package desk_test

import (
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/calls"
	"pult/domain/desk/chats"
	"pult/domain/desk/outbound"
	"pult/domain/store"
	"pult/internal/desktest"
)

const janasPhone = "+420777000001"

// calling is a desk with a telephone line, Jana with a telephone, and Anna whom she can call.
type calling struct {
	*desktest.Desk
	line domain.Channel
	chat domain.Conversation // in which Anna wrote
}

func newCalling(t *testing.T) *calling {
	d := desktest.New(t)
	c := &calling{Desk: d, line: d.Line("line")}
	c.Phone(d.Jana, janasPhone)
	c.chat = d.Say(d.Channel, anna, "Zavolejte mi prosím")
	return c
}

// call lets Jana call Anna.
func (c *calling) call(t *testing.T) domain.Message {
	t.Helper()
	m, err := c.Calls.Start(t.Context(), c.Jana, calls.NewCall{ContactID: c.chat.ContactID, ChannelID: c.line.ID, From: c.chat.ID, Language: domain.Czech})
	if err != nil {
		t.Fatal(err)
	}
	c.Settle()
	return m
}

// tell is what the vendor says of a call that we made.
func (c *calling) tell(t *testing.T, m domain.Message, r domain.CallReport) domain.Message {
	t.Helper()
	if r.Leg == "" {
		r.Leg = string(r.Side) + "-" + m.ID.String()
	}
	r.At = c.Clock.Now()
	c.Post(c.line, carrier.Batch{Calls: []carrier.InboundCall{{Account: c.line.Account, Ours: m.ID.String(), Report: r}}})
	return c.entry(t, m.ID)
}

func (c *calling) entry(t *testing.T, id domain.ID) (m domain.Message) {
	t.Helper()
	err := c.Store.View(t.Context(), func(tx *store.Tx) (err error) {
		m, err = tx.Message(id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// rings is the news of a call that comes in.
func (c *calling) rings(from carrier.Person, id string) carrier.InboundCall {
	return carrier.InboundCall{Account: c.line.Account, VendorID: id, Incoming: true, Person: from,
		Report: domain.CallReport{Side: domain.TheirSide, Leg: id, State: domain.CallRinging, At: c.Clock.Now()}}
}

// news is what follows of a call that came in.
func (c *calling) news(id string, r domain.CallReport) carrier.InboundCall {
	r.At = c.Clock.Now()
	return carrier.InboundCall{Account: c.line.Account, VendorID: id, Incoming: true, Report: r}
}

func (c *calling) panel(t *testing.T, who *domain.Operator) *calls.LiveCall {
	t.Helper()
	live, err := c.Calls.FindLive(t.Context(), who)
	if err != nil {
		t.Fatal(err)
	}
	return live
}

func (c *calling) conversation(t *testing.T, id domain.ID) chats.Conversation {
	t.Helper()
	out, err := c.Chats.Read(t.Context(), c.Karel, id)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func is(t *testing.T, m domain.Message, want domain.CallState) {
	t.Helper()
	if m.Call == nil || m.Call.State != want {
		t.Fatalf("got %+v, want %s", m.Call, want)
	}
}

func TestStartCall_GoesFromRingingToAnEntryWithItsDuration(t *testing.T) {
	c := newCalling(t)
	m := c.call(t)
	if sent := c.Voice.Dialled(); len(sent) != 1 || sent[0].Agent != janasPhone || sent[0].To.Value != anna.Identities[0].Value || sent[0].ID != m.ID {
		t.Fatalf("got %+v, want Jana's telephone to ring for Anna", sent)
	}
	is(t, c.entry(t, m.ID), domain.CallDialling)
	is(t, c.tell(t, m, domain.CallReport{Side: domain.OurSide, State: domain.CallAnswered}), domain.CallDialling)
	is(t, c.tell(t, m, domain.CallReport{Side: domain.TheirSide, State: domain.CallRinging}), domain.CallRinging)
	is(t, c.tell(t, m, domain.CallReport{Side: domain.TheirSide, State: domain.CallAnswered}), domain.CallAnswered)
	if live := c.panel(t, c.Jana); live == nil || !live.Own || live.ID != m.ID || live.ContactID != c.chat.ContactID {
		t.Errorf("got %+v on Jana's panel, want her call", live)
	}
	if live := c.panel(t, c.Petr); live != nil {
		t.Errorf("got %+v on Petr's panel, want nothing", live)
	}
	c.Clock.Move(95 * time.Second)
	m = c.tell(t, m, domain.CallReport{Side: domain.TheirSide, State: domain.CallEnded, Duration: 95 * time.Second})
	if is(t, m, domain.CallEnded); m.Call.Duration != 95*time.Second || m.Call.Name != c.Jana.Name {
		t.Errorf("got %+v, want 95 seconds of Jana's", m.Call)
	}
	conversation := c.conversation(t, m.ConversationID)
	if conversation.LastOperator != c.Jana.ID || conversation.Assignee != c.Jana.ID || conversation.LastMessage.Call != domain.CallEnded {
		t.Errorf("got %+v, want it Jana's", conversation.Conversation)
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
	part, err := c.Chats.ListMessages(t.Context(), c.Jana, c.chat.ID, chats.MessagesQuery{})
	if err != nil || part.Items[len(part.Items)-1].ActivityCode != "activity.called" {
		t.Errorf("got %+v, %v, want a line that says so", part.Items, err)
	}
}

func TestStartCall_Refusals(t *testing.T) {
	c := newCalling(t)
	private := c.Line("private-line", c.Petr.ID)
	secret := c.Say(c.Private, bob, "Tajné")
	for name, tc := range map[string]struct {
		who  *domain.Operator
		call calls.NewCall
		want domain.ErrorKind
	}{
		"another team's line":    {c.Jana, calls.NewCall{ContactID: c.chat.ContactID, ChannelID: private.ID}, domain.NotFound},
		"another team's contact": {c.Jana, calls.NewCall{ContactID: secret.ContactID, ChannelID: c.line.ID}, domain.NotFound},
		"no telephone of one's":  {c.Petr, calls.NewCall{ContactID: c.chat.ContactID, ChannelID: c.line.ID}, domain.Invalid},
		"somebody else's number": {c.Jana, calls.NewCall{ContactID: c.chat.ContactID, ChannelID: c.line.ID, Number: "+420999999999"}, domain.Invalid},
		"a channel for writing":  {c.Jana, calls.NewCall{ContactID: c.chat.ContactID, ChannelID: c.Channel.ID}, domain.Unavailable},
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
	other := c.Say(c.Channel, bob, "Mně taky")
	_, err := c.Calls.Start(t.Context(), c.Jana, calls.NewCall{ContactID: other.ContactID, ChannelID: c.line.ID})
	if domain.KindOf(err) != domain.Conflict {
		t.Errorf("got %v, want a conflict", err)
	}
	c.tell(t, first, domain.CallReport{Side: domain.TheirSide, State: domain.CallBusy})
	if _, err := c.Calls.Start(t.Context(), c.Jana, calls.NewCall{ContactID: other.ContactID, ChannelID: c.line.ID}); err != nil {
		t.Errorf("got %v after the first call was over", err)
	}
}

func TestStartCall_UncertainOutcomeIsLookedUp(t *testing.T) {
	for name, found := range map[string]string{"it rings": "CA-found", "it does not": ""} {
		t.Run(name, func(t *testing.T) {
			c := newCalling(t)
			c.Voice.OnDial(func(carrier.OutgoingCall) (carrier.CallReceipt, error) {
				return carrier.CallReceipt{}, &carrier.Error{Class: carrier.Uncertain, Key: "provider.uncertain"}
			})
			c.Voice.Find(found)
			m := c.call(t)
			for range 6 {
				c.Clock.Move(10 * time.Second)
				c.Settle()
			}
			if n := len(c.Voice.Dialled()); n != 1 {
				t.Errorf("got %d calls, want one and no repeat", n)
			}
			m = c.entry(t, m.ID)
			if found != "" && (m.Call.Leg(domain.OurSide) != found || m.Call.State != domain.CallDialling) {
				t.Errorf("got %+v, want the call that was found", m.Call)
			}
			if found == "" && (m.Call.State != domain.CallFailed || m.Failure == nil || m.Failure.Key != "provider.uncertain") {
				t.Errorf("got %+v, %+v, want it closed with the reason", m.Call, m.Failure)
			}
		})
	}
}

func TestStartCall_FailuresTellWhy(t *testing.T) {
	for class, tries := range map[carrier.Class]int{carrier.Unreachable: 1, carrier.Temporary: 6} {
		c := newCalling(t)
		c.Voice.OnDial(func(carrier.OutgoingCall) (carrier.CallReceipt, error) {
			return carrier.CallReceipt{}, &carrier.Error{Class: class, Code: "1", Key: class.Sentence()}
		})
		m := c.call(t)
		for range 10 {
			c.Clock.Move(6 * time.Second)
			c.Settle()
		}
		if is(t, c.entry(t, m.ID), domain.CallFailed); c.entry(t, m.ID).Failure.Key != class.Sentence() {
			t.Errorf("%s: got %+v", class, c.entry(t, m.ID).Failure)
		}
		if n := len(c.Voice.Dialled()); n > tries {
			t.Errorf("%s: got %d tries, want at most %d: nobody waits for minutes", class, n, tries)
		}
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
	asked := carrier.InboundCall{Account: c.line.Account, Ours: m.ID.String(), Report: domain.CallReport{Side: domain.TheirSide, Bridge: true, State: domain.CallEnded}}
	if now := c.CallNow(c.line, asked); !now.Held || !now.Room {
		t.Errorf("got %+v, want the vendor to be told of the hold", now)
	}
	is(t, c.entry(t, m.ID), domain.CallAnswered)
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

func TestHold_ThatFailsIsShownAsItIs(t *testing.T) {
	c := newCalling(t)
	m := c.call(t)
	c.tell(t, m, domain.CallReport{Side: domain.TheirSide, State: domain.CallAnswered})
	c.Voice.Fail(&carrier.Error{Class: carrier.Permanent, Key: "provider.permanent"})
	if err := c.Calls.Hold(t.Context(), c.Jana, m.ID, true); err != nil {
		t.Fatal(err)
	}
	c.Settle()
	if got := c.entry(t, m.ID).Call; got.Held || got.Room {
		t.Errorf("got %+v, want the call as it was", got)
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

func TestReceiveCall_MissedLightsTheBeaconAndFindsTheContact(t *testing.T) {
	c := newCalling(t)
	now := c.CallNow(c.line, c.rings(anna, "CA-in"))
	if len(now.Ring) != 1 || now.Ring[0] != janasPhone {
		t.Errorf("got %v to ring, want Jana's telephone", now.Ring)
	}
	conversation := c.With(c.line, anna)
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
	conversation = c.With(c.line, anna)
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
	c.CallNow(c.line, c.rings(bob, "CA-in"))
	took := c.news("CA-in", domain.CallReport{Side: domain.OurSide, Leg: "CA-leg", State: domain.CallAnswered, OurNumber: janasPhone})
	c.CallNow(c.line, took)
	conversation := c.With(c.line, bob)
	m := c.Thread(conversation.ID)[0]
	if is(t, m, domain.CallAnswered); m.Call.Operator != c.Jana.ID || conversation.Assignee != c.Jana.ID || conversation.IsWaiting() {
		t.Errorf("got %+v, %+v, want it Jana's", m.Call, conversation)
	}
	if live := c.panel(t, c.Jana); live == nil || !live.Own {
		t.Errorf("got %+v on Jana's panel, want her call", live)
	}
	if live := c.panel(t, c.Petr); live != nil {
		t.Errorf("got %+v on Petr's panel, want nothing", live)
	}
	if now := c.CallNow(c.line, c.rings(anna, "CA-other")); len(now.Ring) != 0 {
		t.Errorf("got %v to ring, want nobody: Jana is in a call", now.Ring)
	}
	if err := c.Calls.HangUp(t.Context(), c.Jana, m.ID); err != nil {
		t.Errorf("Jana cannot hang up: %v", err)
	}
}

func TestReceiveCall_AnotherTeamsCallRingsForNobodyElse(t *testing.T) {
	c := newCalling(t)
	private := c.Line("private-line", c.Petr.ID)
	in := c.rings(bob, "CA-in")
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
	c.CallNow(c.line, c.rings(anna, "CA-in"))
	c.CallNow(c.line, c.news("CA-in", domain.CallReport{Side: domain.TheirSide, State: domain.CallEnded}))
	news := c.news("CA-in", domain.CallReport{})
	news.Recording = &domain.Attachment{State: domain.FileFetching, VendorID: "RE1", MIME: "audio/mpeg", Voice: true}
	for range 2 {
		c.CallNow(c.line, news)
	}
	m := c.Thread(c.With(c.line, anna).ID)[0]
	if len(m.Attachments) != 1 || m.Attachments[0].State != domain.FileStored {
		t.Errorf("got %+v, want the recording once, and here", m.Attachments)
	}
	if is(t, m, domain.CallMissed); m.Call.Number != anna.Identities[0].Value {
		t.Errorf("got %+v", m.Call)
	}
}

func TestReceiveCall_RecordingWaitsAmongTheFilesOfItsLine(t *testing.T) {
	c := newCalling(t)
	c.Voice.Delay("RE1")
	c.CallNow(c.line, c.rings(anna, "CA-in"))
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

func TestCallCheck_RecoversWhatWasNeverTold(t *testing.T) {
	c := newCalling(t)
	m := c.call(t)
	c.tell(t, m, domain.CallReport{Side: domain.TheirSide, State: domain.CallAnswered})
	c.Restart() // killed while they speak, and the vendor's last words were lost
	ended := domain.CallReport{Side: domain.TheirSide, Leg: "theirs-" + m.ID.String(), State: domain.CallEnded, At: c.Clock.Now().Add(time.Minute), Duration: time.Minute}
	c.Voice.Know(carrier.InboundCall{Account: c.line.Account, Report: ended})
	c.Clock.Move(2 * time.Minute)
	c.Settle()
	if m = c.entry(t, m.ID); m.Call.State != domain.CallEnded || m.Call.Duration != time.Minute {
		t.Errorf("got %+v, want it over after a minute of speaking", m.Call)
	}
}

func TestCallCheck_ClosesWhatNobodyKnows(t *testing.T) {
	c := newCalling(t)
	m := c.call(t)
	for range 7 * 60 {
		c.Clock.Move(time.Minute)
		c.Settle()
	}
	is(t, c.entry(t, m.ID), domain.CallFailed)
}

func TestLogCall_WithoutALine(t *testing.T) {
	d := desktest.New(t)
	conversation := d.Say(d.Channel, anna, "Zavolejte mi")
	d.Clock.Move(10 * time.Minute)
	m, err := d.Calls.Log(t.Context(), d.Jana, calls.LoggedCall{ConversationID: conversation.ID, Duration: 3 * time.Minute, Outcome: domain.CallEnded, Note: "Domluvili jsme čtvrtek"})
	if err != nil {
		t.Fatal(err)
	}
	if !m.Call.Logged || m.Call.Duration != 3*time.Minute || !m.At.Equal(d.Clock.Now().Add(-3*time.Minute)) {
		t.Errorf("got %+v, want three minutes up to now", m)
	}
	if now := d.With(d.Channel, anna); now.IsWaiting() || now.LastOperator != d.Jana.ID || now.LastMessage.Text != "Domluvili jsme čtvrtek" {
		t.Errorf("got %+v, want it answered", now)
	}
	found, err := d.Chats.Search(t.Context(), d.Jana, chats.SearchQuery{Text: "ctvrtek"})
	if err != nil || len(found.Messages) != 1 {
		t.Errorf("got %+v, %v, want the note found", found, err)
	}
	for name, bad := range map[string]calls.LoggedCall{
		"ahead":      {ConversationID: conversation.ID, At: d.Clock.Now().Add(time.Hour), Outcome: domain.CallEnded},
		"too long":   {ConversationID: conversation.ID, Duration: 25 * time.Hour, Outcome: domain.CallEnded},
		"no outcome": {ConversationID: conversation.ID},
		"impossible": {ConversationID: conversation.ID, Outcome: domain.CallMissed},
	} {
		if _, err := d.Calls.Log(t.Context(), d.Jana, bad); domain.KindOf(err) != domain.Invalid {
			t.Errorf("%s: got %v, want a refusal", name, err)
		}
	}
	secret := d.Say(d.Private, bob, "Tajné")
	if _, err := d.Calls.Log(t.Context(), d.Jana, calls.LoggedCall{ConversationID: secret.ID, Outcome: domain.CallEnded}); domain.KindOf(err) != domain.NotFound {
		t.Errorf("got %v in another team's conversation, want not found", err)
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
	if _, err := c.Outbound.Reply(t.Context(), c.Jana, outbound.Reply{ID: c.NewID(), ConversationID: m.ConversationID, Text: "Dobrý den"}); domain.KindOf(err) != domain.Invalid {
		t.Errorf("got %v, want a refusal", err)
	}
}
