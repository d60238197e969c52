package messenger_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/drivertest"
	"pult/providers/messenger"
	"pult/providers/simulator/world"
)

// sendText sends a text and gives what the vendor noted.
func (h *harness) sendText(t *testing.T, m carrier.Outgoing) world.Message {
	t.Helper()
	m.To = h.Recipient()
	r, err := h.driver.Send(t.Context(), m)
	if err != nil {
		t.Fatalf("send: %v", err)
	}
	got, _ := h.Sim.World.Message(r.VendorID)
	return got
}

func classOf(err error) (carrier.Class, string) {
	var e *carrier.Error
	if !errors.As(err, &e) {
		return "", ""
	}
	return e.Class, e.Key
}

func TestSend_TagsOnlyWhatAPersonWroteAfterTheWindow(t *testing.T) {
	h := newHarness(t)
	if m := h.sendText(t, carrier.Outgoing{Kind: domain.KindText, Text: "v okně"}); m.Tag != "" {
		t.Errorf("in the window: got tag %q, want none", m.Tag)
	}
	h.Clock.Advance(25 * time.Hour)
	late := carrier.Outgoing{To: h.Recipient(), Kind: domain.KindText, Text: "po okně"}
	if _, err := h.driver.Send(t.Context(), late); err == nil {
		t.Error("after the window: got no refusal without the tag")
	}
	late.Personal = true
	if m := h.sendText(t, late); m.Tag != "HUMAN_AGENT" {
		t.Errorf("personal: got tag %q, want HUMAN_AGENT", m.Tag)
	}
}

func TestSend_PersonalWithoutTheFeature_SaysSo(t *testing.T) {
	h := newHarness(t)
	h.Clock.Advance(25 * time.Hour)
	_ = h.Sim.World.SetFaults(pageID, world.Faults{NoHumanAgent: true})
	_, err := h.driver.Send(t.Context(), carrier.Outgoing{To: h.Recipient(), Kind: domain.KindText, Text: "x", Personal: true})
	if class, key := classOf(err); class != carrier.WindowClosed || key != "provider.messenger.human_agent" {
		t.Errorf("got %s %s, want a closed window and the reason", class, key)
	}
}

func TestSend_ErrorsBySubcode(t *testing.T) {
	h := newHarness(t)
	for _, c := range []struct {
		code, subcode int
		want          carrier.Class
	}{
		{10, 2018108, carrier.Unreachable}, {10, 2018065, carrier.WindowClosed}, {10, 0, carrier.Unauthorised}, {100, 2018001, carrier.Unreachable},
		{200, 1545041, carrier.Unreachable}, {200, 2018028, carrier.Unreachable}, {200, 0, carrier.Unauthorised}, {1, 1357046, carrier.Uncertain},
		{1, 0, carrier.Temporary}, {613, 0, carrier.RateLimited}, {368, 0, carrier.Unauthorised}, {100, 0, carrier.InvalidValue}, {98765, 0, carrier.Permanent},
		{190, 460, carrier.Unauthorised}, {4, 2018022, carrier.RateLimited},
	} {
		_ = h.Sim.World.SetFaults(pageID, world.Faults{Code: c.code, Subcode: c.subcode})
		_, err := h.driver.Send(t.Context(), carrier.Outgoing{To: h.Recipient(), Kind: domain.KindText, Text: "x"})
		if class, key := classOf(err); class != c.want || key == "" {
			t.Errorf("%d/%d: got %s %q, want %s", c.code, c.subcode, class, key, c.want)
		}
	}
}

func TestMarkPerson_SeenAndTyping(t *testing.T) {
	h := newHarness(t)
	if err := h.driver.MarkPerson(t.Context(), h.Recipient(), true); err != nil {
		t.Fatal(err)
	}
	if thread := h.Sim.World.Thread(pageID, h.Customer.ID); !thread[0].ReadByDesk || !h.Sim.World.IsTyping(pageID, h.Customer.ID) {
		t.Errorf("got read %v, typing %v, want both", thread[0].ReadByDesk, h.Sim.World.IsTyping(pageID, h.Customer.ID))
	}
}

func TestFetch_ExpiredAddressIsAskedForAnew(t *testing.T) {
	h := newHarness(t)
	hooks := h.Say(t, drivertest.Message{Kind: domain.KindImage, MIME: "image/png", Data: []byte("picture")})
	b, err := h.driver.Parse(hooks[0])
	if err != nil {
		t.Fatal(err)
	}
	h.Clock.Advance(72 * time.Hour)
	media, err := h.driver.Fetch(t.Context(), b.Messages[0].Attachments[0].VendorID)
	if err != nil {
		t.Fatalf("got %v, want the file by a new address", err)
	}
	defer media.Body.Close()
	if raw, _ := io.ReadAll(media.Body); string(raw) != "picture" {
		t.Errorf("got %q", raw)
	}
	_ = h.Sim.World.SetFaults(pageID, world.Faults{ExpiredMedia: true})
	_, err = h.driver.Fetch(t.Context(), b.Messages[0].Attachments[0].VendorID)
	if class, key := classOf(err); class != carrier.Permanent || key != "provider.media_expired" {
		t.Errorf("gone: got %s %s", class, key)
	}
}

func TestFetch_PlainHTTPElsewhere_Refused(t *testing.T) {
	_, err := newHarness(t).driver.Fetch(t.Context(), "http://169.254.169.254/latest")
	if class, _ := classOf(err); class != carrier.Permanent {
		t.Errorf("got %v, want a refusal", err)
	}
}

func TestPoll_GivesWhatWasMissedOldestFirst(t *testing.T) {
	h := newHarness(t)
	since := h.Clock.Now().Add(time.Minute)
	h.Clock.Advance(2 * time.Minute)
	h.Say(t, drivertest.Message{Kind: domain.KindText, Text: "první"})
	others := []string{}
	for _, name := range []string{"Anna", "Petr", "Klára", "Marek"} { // more conversations than fit a page of three
		c, _ := h.Sim.World.CreateCustomer(name, "", true)
		h.Clock.Advance(time.Second)
		if _, err := h.Sim.World.Say(c.ID, pageID, world.Message{Kind: domain.KindText, Text: name}); err != nil {
			t.Fatal(err)
		}
		others = append(others, name)
	}
	h.Clock.Advance(time.Second)
	if _, err := h.Sim.World.Echo(pageID, h.Customer.ID, "odpověď z Facebooku"); err != nil {
		t.Fatal(err)
	}
	b, err := h.driver.Poll(t.Context(), since)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range b.Messages {
		got = append(got, m.Text)
	}
	if want := slices.Concat([]string{"první"}, others, []string{"odpověď z Facebooku"}); !slices.Equal(got, want) {
		t.Fatalf("got %q, want %q", got, want)
	}
	if last := b.Messages[len(b.Messages)-1]; last.From != domain.ByPhone || last.Contact.Name != "Žofie Dvořáková" ||
		last.Contact.Identities[0] != h.Recipient() {
		t.Errorf("got %+v", last)
	}
	thread := h.Sim.World.Thread(pageID, h.Customer.ID)
	if b.Messages[0].VendorID != thread[1].ID {
		t.Errorf("got id %q, want the webhook's %q", b.Messages[0].VendorID, thread[1].ID)
	}
}

func TestFind_MessageThatWasTakenWithoutAnAnswer(t *testing.T) {
	h := newHarness(t)
	h.Break(t, drivertest.Cut)
	m := carrier.Outgoing{To: h.Recipient(), Kind: domain.KindText, Text: "Ano"}
	since := h.Clock.Now()
	if _, err := h.driver.Send(t.Context(), m); err == nil {
		t.Fatal("got no error, want a cut connection")
	}
	_ = h.Sim.World.SetFaults(pageID, world.Faults{})
	thread := h.Sim.World.Thread(pageID, h.Customer.ID)
	ids, err := h.driver.Find(t.Context(), m, since)
	if err != nil || len(ids) != 1 || ids[0] != thread[len(thread)-1].ID {
		t.Errorf("got %q, %v, want the message", ids, err)
	}
	m.Text = "Ne"
	if ids, err := h.driver.Find(t.Context(), m, since); err != nil || len(ids) != 0 {
		t.Errorf("another text: got %q, %v, want none", ids, err)
	}
}

func TestProfile_NameAndPicture_OrTheNameOfTheConversation(t *testing.T) {
	h := newHarness(t)
	p, err := h.driver.Profile(t.Context(), h.Recipient())
	if err != nil || p.Name != "Žofie Dvořáková" || p.Details["contact.detail.first_name"] != "Žofie" || p.Picture == "" {
		t.Fatalf("got %+v, %v", p, err)
	}
	media, err := h.driver.Fetch(t.Context(), p.Picture)
	if err != nil || media.MIME != "image/png" {
		t.Fatalf("picture: got %s, %v", media.MIME, err)
	}
	media.Body.Close()
	_ = h.Sim.World.SetFaults(pageID, world.Faults{NoProfile: true})
	if p, err = h.driver.Profile(t.Context(), h.Recipient()); err != nil || p.Name != "Žofie Dvořáková" || p.Picture != "" {
		t.Errorf("without the permission: got %+v, %v, want the name alone", p, err)
	}
}

func TestCheck_Conditions(t *testing.T) {
	h := newHarness(t)
	for name, c := range map[string]struct {
		faults world.Faults
		want   carrier.ConditionState
		words  bool
	}{
		"good":      {world.Faults{}, carrier.ConditionGood, false},
		"ends soon": {world.Faults{TokenEnds: 72 * time.Hour}, carrier.ConditionWarning, true},
		"dead":      {world.Faults{TokenExpired: true}, carrier.ConditionBroken, true},
	} {
		_ = h.Sim.World.SetFaults(pageID, c.faults)
		got, err := h.driver.Inspect(t.Context())
		if err != nil || got.State != c.want || (got.Words != "") != c.words || got.Repaired {
			t.Errorf("%s: got %+v, %v, want %s", name, got, err, c.want)
		}
	}
}

func TestCheck_LostSubscriptionIsMadeAnew(t *testing.T) {
	h := newHarness(t)
	_ = h.Sim.World.SetFaults(pageID, world.Faults{SubscriptionLost: true})
	if hooks := h.Say(t, drivertest.Message{Kind: domain.KindText, Text: "slyšíte?"}); len(hooks) != 0 {
		t.Fatalf("got %d webhooks, want none", len(hooks))
	}
	c, err := h.driver.Inspect(t.Context())
	if err != nil || !c.Repaired || c.State != carrier.ConditionGood || !c.Missed.Before(h.Clock.Now()) {
		t.Fatalf("got %+v, %v, want a repair and what to fetch", c, err)
	}
	if b, err := h.driver.Poll(t.Context(), c.Missed); err != nil ||
		!slices.ContainsFunc(b.Messages, func(m carrier.InboundMessage) bool { return m.Text == "slyšíte?" }) {
		t.Errorf("got %+v, %v, want what was missed", b, err)
	}
	if c, err = h.driver.Inspect(t.Context()); err != nil || c.Repaired {
		t.Errorf("again: got %+v, %v, want nothing to repair", c, err)
	}
}

func TestTest_WrongPageAndWrongSecret(t *testing.T) {
	h := newHarness(t)
	cfg := config(h.Server.URL)
	cfg.PageID = "104455667788991"
	_, err := newDriver(t, cfg).Test(t.Context())
	if _, key := classOf(err); key != "provider.messenger.wrong_page" {
		t.Errorf("another page: got %v", err)
	}
	cfg = config(h.Server.URL)
	cfg.AppSecret = "of-another-app"
	_, err = newDriver(t, cfg).Test(t.Context())
	if _, key := classOf(err); key != "provider.messenger.wrong_secret" {
		t.Errorf("another app: got %v", err)
	}
}

// signIn plays the browser: it opens the dialog, allows what is given and comes back with the answer's query.
func (h *harness) signIn(t *testing.T, s carrier.LoginStep, choice url.Values) url.Values {
	t.Helper()
	address, err := messenger.Login(nil).SignInURL(s)
	if err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse(address)
	form := u.Query()
	for name, values := range choice {
		form[name] = values
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.PostForm(address, form)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	back, err := res.Location()
	if err != nil {
		t.Fatalf("got %s, want a redirect: %v", res.Status, err)
	}
	return back.Query()
}

func (h *harness) step() carrier.LoginStep {
	return carrier.LoginStep{
		Channel: domain.Channel{
			Settings: map[string]string{"base_url": h.Server.URL, "app_id": appID},
			Secrets:  map[string]domain.Secret{"app_secret": appSecret},
		},
		Redirect: "http://127.0.0.1:7858/settings/channels/login/callback", State: "state-1", Verifier: "verifier-of-enough-characters",
	}
}

func allow(permissions ...string) url.Values {
	return url.Values{"choice": {"continue"}, "page": {pageID}, "granted": permissions}
}

func allPermissions() []string {
	var names []string
	for _, p := range messenger.Login(nil).Permissions() {
		names = append(names, p.Name)
	}
	return names
}

func TestLogin_PagesWithTokens(t *testing.T) {
	h := newHarness(t)
	back := h.signIn(t, h.step(), allow(allPermissions()...))
	if back.Get("state") != "state-1" {
		t.Errorf("got state %q", back.Get("state"))
	}
	got, err := messenger.Login(nil).Finish(t.Context(), h.step(), back.Get("code"))
	if err != nil || len(got.Missing) != 0 || len(got.Accounts) != 1 {
		t.Fatalf("got %+v, %v", got, err)
	}
	if a := got.Accounts[0]; a.ID != pageID || a.Name != "Servis kol" || a.Token != pageToken || len(a.Missing) != 0 {
		t.Errorf("got %+v", a)
	}
	if _, err := messenger.Login(nil).Finish(t.Context(), h.step(), back.Get("code")); err == nil {
		t.Error("the same code twice: got no refusal")
	}
}

func TestLogin_NamesWhatWasNotAllowed(t *testing.T) {
	h := newHarness(t)
	back := h.signIn(t, h.step(), allow("pages_show_list", "pages_manage_metadata"))
	got, err := messenger.Login(nil).Finish(t.Context(), h.step(), back.Get("code"))
	if want := []string{"pages_messaging", "pages_read_engagement", "business_management"}; err != nil || !slices.Equal(got.Missing, want) {
		t.Errorf("got %q, %v, want %q", got.Missing, err, want)
	}
}

func TestLogin_Cancelled(t *testing.T) {
	h := newHarness(t)
	if back := h.signIn(t, h.step(), url.Values{"choice": {"cancel"}}); back.Get("error") != "access_denied" || back.Get("code") != "" {
		t.Errorf("got %v", back)
	}
}

func TestLogin_StolenCodeIsWorthNothing(t *testing.T) {
	h := newHarness(t)
	back := h.signIn(t, h.step(), allow(allPermissions()...))
	thief := h.step()
	thief.Verifier = "another-verifier"
	if _, err := messenger.Login(nil).Finish(t.Context(), thief, back.Get("code")); err == nil {
		t.Error("got no refusal without the verifier")
	}
	elsewhere := h.step()
	elsewhere.Redirect += "?x"
	if _, err := messenger.Login(nil).Finish(t.Context(), elsewhere, back.Get("code")); err == nil {
		t.Error("got no refusal for another redirect address")
	}
}

func TestLogin_AddressTellsNoSecret(t *testing.T) {
	s := newHarness(t).step()
	address, err := messenger.Login(nil).SignInURL(s)
	if err != nil || strings.Contains(address, appSecret) || strings.Contains(address, s.Verifier) {
		t.Errorf("got %s, %v", address, err)
	}
	s.Channel.Settings = map[string]string{"app_id": appID}
	if address, err = messenger.Login(nil).SignInURL(s); err != nil ||
		!strings.HasPrefix(address, "https://www.facebook.com/v25.0/dialog/oauth?") {
		t.Errorf("got %s, %v, want Facebook's own dialog", address, err)
	}
}

func TestSubscribe_Cancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if class, _ := classOf(newHarness(t).driver.Subscribe(ctx)); class != carrier.Temporary {
		t.Errorf("got %s, want a failure that may pass", class)
	}
}
