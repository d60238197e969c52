package domain_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pult/domain"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func TestIDs_RiseWithinAMillisecondAndWhenTheClockStepsBack(t *testing.T) {
	var ids domain.IDs
	last := domain.ID{}
	for i := range 3000 {
		now := noon.Add(time.Duration(i/1000) * time.Millisecond)
		if i > 2000 {
			now = noon.Add(-time.Hour)
		}
		id := ids.New(now)
		if slices.Compare(id[:], last[:]) <= 0 || id.String() <= last.String() {
			t.Fatalf("id %d: got %s after %s, want a higher one, as bytes and as text", i, id, last)
		}
		last = id
	}
	if got := ids.New(noon.Add(time.Hour)).Time(); !got.Equal(noon.Add(time.Hour)) {
		t.Errorf("got %v, want the time it was made for", got)
	}
}

func TestParseID_OneTextForEachAndNothingElse(t *testing.T) {
	var ids domain.IDs
	id := ids.New(noon)
	if got, err := domain.ParseID(id.String()); err != nil || got != id {
		t.Errorf("got %v, %v, want %v", got, err, id)
	}
	text := id.String()
	for _, bad := range []string{"", text[1:], text + "0", strings.ToUpper(text), "i" + text[1:], strings.Repeat("z", 26), text[:25] + "\x00"} {
		if got, err := domain.ParseID(bad); err == nil {
			t.Errorf("%q was read as %v", bad, got)
		}
	}
}

func TestSecret_IsTextOnlyForTheDriver(t *testing.T) {
	c := domain.Channel{Secrets: map[string]domain.Secret{"token": "canary-0815-abcd"}}
	b, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, shown := range []string{string(b), fmt.Sprint(c), fmt.Sprintf("%+v", c), fmt.Sprintf("%#v", c.Secrets["token"])} {
		if strings.Contains(shown, "canary") {
			t.Errorf("the credential shows: %s", shown)
		}
	}
	if got := c.Secrets["token"].Tail(); got != "abcd" {
		t.Errorf("got tail %q, want abcd", got)
	}
	if got := domain.Secret("short").Tail(); got != "" {
		t.Errorf("got tail %q of a short credential, want none", got)
	}
}

func TestMayUse_RoleAndChannelTogether(t *testing.T) {
	eva, jana, gone := domain.ID{1}, domain.ID{2}, domain.ID{3}
	operator := func(id domain.ID, role domain.Role, active bool) *domain.Operator {
		return &domain.Operator{ID: id, Role: role, Active: active}
	}
	open, evas := &domain.Channel{}, &domain.Channel{Operators: []domain.ID{eva}}
	for _, tc := range []struct {
		name string
		who  *domain.Operator
		on   *domain.Channel
		want bool
	}{
		{"everybody on an open one", operator(jana, domain.RoleOperator, true), open, true},
		{"the one it names", operator(eva, domain.RoleOperator, true), evas, true},
		{"another operator", operator(jana, domain.RoleOperator, true), evas, false},
		{"a supervisor", operator(jana, domain.RoleSupervisor, true), evas, true},
		{"somebody who left", operator(gone, domain.RoleAdministrator, false), open, false},
		{"nobody", nil, open, false},
		{"no channel", operator(eva, domain.RoleAdministrator, true), nil, false},
	} {
		if got := tc.who.MayUse(tc.on); got != tc.want {
			t.Errorf("%s: got %v, want %v", tc.name, got, tc.want)
		}
	}
}

func TestMay_EveryRoleThatExistsMayWorkAndOnlyTheAdministratorManages(t *testing.T) {
	for _, role := range domain.Roles {
		o := &domain.Operator{Role: role, Active: true}
		if !o.May(domain.WorkConversations) {
			t.Errorf("%s may not work", role)
		}
		if got := o.May(domain.ManageChannels); got != (role == domain.RoleAdministrator) {
			t.Errorf("%s manages channels: %v", role, got)
		}
	}
}

func TestAdvances_NeverBackwardsAndProofOfDeliveryWins(t *testing.T) {
	order := []domain.MessageState{domain.StateQueued, domain.StateSending, domain.StateUncertain, domain.StateSent, domain.StateFailed, domain.StateDelivered, domain.StateRead, domain.StatePlayed}
	for i, from := range order {
		for j, to := range order {
			if got := from.CanAdvanceTo(to); got != (j > i) {
				t.Errorf("%s to %s: got %v, want %v", from, to, got, j > i)
			}
		}
	}
	if domain.StateFailed.CanAdvanceTo(domain.StateTimedOut) {
		t.Error("one failure replaces another")
	}
}

func TestWindow_EndsAMarginBeforeItsTime(t *testing.T) {
	c := domain.Conversation{LastInbound: noon}
	day, margin := 24*time.Hour, time.Minute
	for at, want := range map[time.Duration]bool{0: true, day - margin - time.Second: true, day - margin: false, day: false} {
		if got := c.IsWindowOpen(day, margin, noon.Add(at)); got != want {
			t.Errorf("after %v: got %v, want %v", at, got, want)
		}
	}
	if !c.IsWindowOpen(0, 0, noon.AddDate(1, 0, 0)) {
		t.Error("a channel without a window closed")
	}
	if never := (&domain.Conversation{}); never.IsWindowOpen(day, margin, noon) {
		t.Error("the window is open for somebody who never wrote")
	}
}

func TestStatus_ClosedIsFinal(t *testing.T) {
	for _, to := range domain.ConversationStatuses {
		if domain.StatusClosed.CanBecome(to) {
			t.Errorf("closed became %s", to)
		}
		if to != domain.StatusNew && !domain.StatusNew.CanBecome(to) {
			t.Errorf("new cannot become %s", to)
		}
	}
	if domain.StatusOpen.CanBecome(domain.StatusNew) {
		t.Error("an operator made a conversation new")
	}
}

func TestTemplate_SlotsAreAskedFilledAndChecked(t *testing.T) {
	tpl := domain.MessageTemplate{
		Status: domain.TemplateApproved, HeaderKind: "text", Header: "Termín {{den}}", Body: "Dobrý den {{jmeno}}, čekáme v {{cas}}, {{jmeno}}.", Footer: "Servis",
		Buttons: []domain.TemplateButton{{Kind: "quick_reply", Text: "Zrušit"}, {Kind: "url", URL: "https://x.example/{{1}}"}, {Kind: "copy_code"}},
	}
	var keys []string
	for _, s := range tpl.Slots() {
		keys = append(keys, s.Key)
	}
	if want := []string{"header:den", "body:jmeno", "body:cas", "button:1:1", "button:2:code"}; !slices.Equal(keys, want) {
		t.Fatalf("got slots %v, want %v", keys, want)
	}
	values := map[string]string{"header:den": "úterý", "body:jmeno": "Žofie", "body:cas": "10:00", "button:1:1": "abc", "button:2:code": "X"}
	if err := tpl.CheckValues(values); err != nil {
		t.Errorf("got %v, want all values accepted", err)
	}
	if got, want := tpl.Render(values), "Termín úterý\n\nDobrý den Žofie, čekáme v 10:00, Žofie.\n\nServis"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, bad := range []string{"", " ", "dva\nřádky", "a\tb", "pět     mezer"} {
		values["body:cas"] = bad
		if err := tpl.CheckValues(values); domain.KindOf(err) != domain.Invalid {
			t.Errorf("%q was accepted: %v", bad, err)
		}
	}
}

func TestRequest_CodeIsReadAsPeopleTypeIt(t *testing.T) {
	for text, want := range map[string]uint64{"P-2041": 2041, "p-2041": 2041, " 2041 ": 2041} {
		if got, ok := domain.ParseRequestCode(text); !ok || got != want {
			t.Errorf("%q: got %d, %v, want %d", text, got, ok, want)
		}
	}
	for _, bad := range []string{"", "P-", "P-0", "P--1", "X-1", "P-1x"} {
		if got, ok := domain.ParseRequestCode(bad); ok {
			t.Errorf("%q was read as %d", bad, got)
		}
	}
}

func TestCleanTags_TrimsAndDropsRepeats(t *testing.T) {
	got := domain.CleanTags([]string{" hotel ", "Hotel", "", "dvě  slova", strings.Repeat("x", 100)})
	if len(got) != 3 || got[0] != "hotel" || got[1] != "dvě slova" || len([]rune(got[2])) != domain.MaxTag {
		t.Errorf("got %q", got)
	}
}

func TestContact_TitleIsTheBestThatIsKnown(t *testing.T) {
	c := domain.Contact{Identities: []domain.Identity{{Kind: domain.UserIdentity, Value: "CZ.1"}}}
	steps := []struct {
		change func()
		want   string
	}{
		{func() {}, "CZ.1"},
		{func() { c.Username = "anna" }, "@anna"},
		{func() { c.Learn(domain.Identity{Kind: domain.PhoneIdentity, Value: "+420777111222"}) }, "+420777111222"},
		{func() { c.Name = "Anna" }, "Anna"},
	}
	for _, s := range steps {
		s.change()
		if got := c.Title(); got != s.want {
			t.Errorf("got %q, want %q", got, s.want)
		}
	}
	if c.Learn(domain.Identity{Kind: domain.PhoneIdentity, Value: "+420777111222"}, domain.Identity{}) {
		t.Error("learned what was known, or nothing")
	}
}

func TestValidEmail_PlainAddressesOnly(t *testing.T) {
	for address, want := range map[string]bool{
		"eva@example.org": true, "eva.mala+x@sub.example.org": true, "josé@example.org": false, "eva@localhost": false, "": false,
		"Eva <eva@example.org>": false, "eva@example.org\n": false, "a b@example.org": false,
	} {
		if got := domain.IsEmail(address); got != want {
			t.Errorf("%q: got %v, want %v", address, got, want)
		}
	}
}

func TestRefuse_KindSurvivesWrapping(t *testing.T) {
	err := fmt.Errorf("desk: %w", domain.Refuse(domain.Conflict, "error.x", "name", "Eva").Because(fmt.Errorf("cause")))
	if got := domain.KindOf(err); got != domain.Conflict {
		t.Errorf("got %s, want conflict", got)
	}
	if domain.KindOf(nil) != "" || domain.KindOf(fmt.Errorf("other")) != domain.Internal {
		t.Error("nil and foreign errors have the wrong kind")
	}
}

func TestClip_CutsByCharactersAndSaysSo(t *testing.T) {
	for in, want := range map[string]string{"žluťoučký": "žluť…", "žluťá": "žluťá", "": "", "a b cd": "a b…"} {
		if got := domain.Clip(in, 5); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
