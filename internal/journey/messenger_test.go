package journey_test

import (
	"net/url"
	"slices"
	"testing"
	"time"

	"pult/domain"
	"pult/providers/simulator"
	"pult/providers/simulator/world"
)

// Two pages of one app at the simulated Facebook; none is the demo's.
const (
	journeyApp  = "400000000000919"
	journeyPage = "300000000000919"
)

func newFacebook(t *testing.T) *simulator.Simulator {
	t.Helper()
	page := func(id, name string) world.Number {
		return world.Number{
			ID:          id,
			Vendor:      simulator.Messenger,
			Account:     journeyApp,
			Name:        name,
			AppSecret:   "journey-app-secret",
			AccessToken: "journey-token-" + id,
		}
	}
	sim := simulator.New(
		simulator.Options{Numbers: []world.Number{page(journeyPage, "Bikes on the Corner"), page("300000000000920", "Café on the Corner")}},
	)
	if err := sim.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Stop)
	return sim
}

// atFacebook waits until the browser shows the vendor's dialog.
func (p *page) atFacebook(sim *simulator.Simulator) {
	p.t.Helper()
	u, err := url.Parse(sim.URL())
	if err != nil {
		p.t.Fatal(err)
	}
	p.until("the dialog of Facebook", `location.host === `+quote(u.Host)+` && document.readyState === "complete"`)
}

// backFromFacebook waits until the browser shows what came of the sign-in, with neither code nor state in the address.
func (p *page) backFromFacebook() {
	p.t.Helper()
	p.until(
		"back from Facebook",
		`location.pathname.startsWith("/settings/channels/login/") && !location.search && document.readyState === "complete"`,
	)
	p.ready()
}

func TestJourney_MessengerIsConnectedBySigningIn(t *testing.T) {
	demo := sharedDemo(t)
	sim := newFacebook(t)
	p := signedIn(t, demo, demoEmail)
	lang := eval[string](p, "document.documentElement.lang")
	p.open("/settings/channels/add")
	p.click(`a[href="/settings/channels/add/messenger"]`)
	p.sees("#field-app_id")
	for _, name := range []string{"pages_show_list", "pages_messaging", "pages_manage_metadata", "pages_read_engagement", "business_management"} {
		p.reads(".channel-permissions code", name)
	}
	p.reads(".channel-login [data-copy-text]", demo.desk+"/settings/channels/login/callback")

	p.click(`button[formaction="/settings/channels/login"]`) // nothing is known of the app yet
	p.reads("#fault-app_id", says(lang, "error.field.required"))
	p.fill("#field-app_id", journeyApp)
	p.fill("#field-app_secret", "journey-app-secret")
	p.click("#channel-fields details:last-of-type > summary")
	p.fill("#field-base_url", sim.URL())

	p.click(`button[formaction="/settings/channels/login"]`)
	p.atFacebook(sim)
	p.click("button[value=cancel]")
	p.backFromFacebook()
	p.reads(".channel-note", says(lang, "channels.login.cancelled"))

	again := `form[action$="/again"] button`
	p.click(again)
	p.atFacebook(sim)
	p.click(`input[name=granted][value=pages_messaging]`)
	p.click("button[value=continue]")
	p.backFromFacebook()
	p.reads(".form-errors code", "pages_messaging")
	p.misses(".channel-accounts")

	p.click(again)
	p.atFacebook(sim)
	p.click("button[value=continue]")
	p.backFromFacebook()
	p.reads(".channel-accounts", "Café on the Corner")
	p.click(`input[name=account][value="` + journeyPage + `"]`)
	p.click("form.card .btn-primary")
	p.sees(".channel-added")
	p.reads("h1", "Bikes on the Corner")

	p.talksOnMessenger(demo, sim)
}

// talksOnMessenger lets a customer write to the connected page, and an agent answer.
func (p *page) talksOnMessenger(demo *process, sim *simulator.Simulator) {
	p.t.Helper()
	must := func(err error) {
		p.t.Helper()
		if err != nil {
			p.t.Fatal(err)
		}
	}
	must(
		sim.World.Connect(
			journeyPage,
			eval[string](
				p,
				`[...document.querySelectorAll("[data-copy-text]")].map((el) => el.textContent).find((text) => text.includes("/hooks/"))`,
			),
		),
	)
	claire, err := sim.World.CreateCustomer("Claire Messenger", "", true)
	must(err)
	said, err := sim.World.Say(claire.ID, journeyPage, world.Message{Kind: domain.KindText, Text: "Is the red bicycle still there?"})
	must(err)
	if !said.Acknowledged {
		p.t.Fatal("the desk did not take the message")
	}
	chat := chatOf(p.t, visitorOf(p.t, demo), demo, "red bicycle still")
	p.open(chat)
	p.reads(".conv-head, header", "Claire Messenger") // looked up: webhooks tell no name
	p.answer("It is, until Friday.")
	ticks := bubble(
		"It is, until Friday.",
	) + `?.querySelector(".ticks")?.title.startsWith(` + quote(
		says(eval[string](p, "document.documentElement.lang"), "state.delivered"),
	) + `)`
	p.until("the answer is delivered", ticks)
	must(sim.World.Read(journeyPage, claire.ID))
	eventually(p.t, sim, "the customer sees that we read", func() bool { return sim.World.Thread(journeyPage, claire.ID)[0].ReadByDesk })
	p.until("the answer is read", bubble("It is, until Friday.")+`?.querySelector('.ticks[data-state="read"], [data-state="read"]')`)
	got := func() bool {
		return slices.ContainsFunc(sim.World.Thread(journeyPage, claire.ID), func(m world.Message) bool {
			return !m.FromCustomer && m.Text == "It is, until Friday." && m.Tag == ""
		})
	}
	if !got() {
		p.t.Errorf("got %+v, want the answer at the customer", sim.World.Thread(journeyPage, claire.ID))
	}
	_, err = sim.World.Echo(journeyPage, claire.ID, "And we open at nine.")
	must(err)
	p.until("what staff wrote on Facebook is shown", bubble("And we open at nine."))
	must(sim.World.Age(journeyPage, claire.ID, time.Hour)) // only the vendor's clock: the desk keeps what it was told
	_, err = sim.World.Say(claire.ID, journeyPage, world.Message{
		Kind:   domain.KindReaction,
		Target: sim.World.Thread(journeyPage, claire.ID)[1].ID,
		Emoji:  "❤️",
	})
	must(err)
	p.until("the customer's reaction is shown", bubble("It is, until Friday.")+`?.textContent.includes("❤️")`)
}

// eventually waits until something is so at the vendor.
func eventually(t *testing.T, sim *simulator.Simulator, what string, is func() bool) {
	t.Helper()
	changed, stop := sim.World.Watch()
	defer stop()
	late := time.After(patience)
	for !is() {
		select {
		case <-changed:
		case <-late:
			t.Fatalf("waited for: %s", what)
		}
	}
}

// The second way: whoever has the page's id and token already, from a system user for instance, pastes them.
func TestJourney_MessengerIsConnectedByHand(t *testing.T) {
	demo := sharedDemo(t)
	sim := newFacebook(t)
	p := signedIn(t, demo, demoEmail)
	lang := eval[string](p, "document.documentElement.lang")
	p.open("/settings/channels/add/messenger")
	p.fill("#field-name", "Café")
	p.fill("#field-app_id", journeyApp)
	p.fill("#field-app_secret", "journey-app-secret")
	p.click("#channel-fields details:last-of-type > summary")
	p.fill("#field-base_url", sim.URL())
	p.click(".channel-login + details > summary")
	p.fill("#field-page_id", "300000000000920")
	p.fill("#field-page_token", "journey-token-"+journeyPage) // of the other page
	p.click("#channel-form > .form-buttons .btn-primary")
	p.reads("#fault-page_id", says(lang, "provider.messenger.wrong_page"))
	p.fill("#field-page_token", "journey-token-300000000000920")
	p.click("#channel-form > .form-buttons .btn-primary")
	p.sees(".channel-added")
}
