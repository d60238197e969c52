package journey_test

import (
	"regexp"
	"strings"
	"testing"

	"pult/domain"
	"pult/providers/simulator"
	"pult/providers/simulator/mail"
	"pult/providers/simulator/world"
)

// connections are what an administrator enters to connect each vendor that telephones write through. None is an account
// of the demo's.
var connections = []struct {
	name, kind, driver string
	fields             map[string]string // by name of the field
	number             world.Number
}{
	{"WhatsApp of Twilio", "whatsapp", "twilio-whatsapp",
		map[string]string{"number": "+420602000777", "account_sid": "ACjourney000000000000000000000001", "auth_token": "journey-token"},
		world.Number{
			ID:        "new-twilio",
			Vendor:    simulator.TwilioWhatsApp,
			Account:   "ACjourney000000000000000000000001",
			Phone:     "+420602000777",
			AppSecret: "journey-token",
		}},
	{"SMS of Twilio", "sms", "twilio-sms",
		map[string]string{"number": "+420602000778", "account_sid": "ACjourney000000000000000000000001", "auth_token": "journey-token"},
		world.Number{
			ID:        "new-sms",
			Vendor:    simulator.TwilioSMS,
			Account:   "ACjourney000000000000000000000001",
			Phone:     "+420602000778",
			AppSecret: "journey-token",
		}},
	{"WhatsApp of EngageLab", "whatsapp", "engagelab",
		map[string]string{
			"number":      "+420603000779",
			"business_id": "200000000000009",
			"dev_key":     "journey-key",
			"dev_secret":  "journey-secret",
		},
		world.Number{
			ID:          "new-lab",
			Vendor:      simulator.EngageLab,
			Account:     "200000000000009",
			Phone:       "+420603000779",
			AccessToken: "journey-key:journey-secret",
		}},
	{"WhatsApp of Meta", "whatsapp", "whatsapp-cloud",
		map[string]string{"phone_number_id": "100000000000019", "business_id": "200000000000019", "number": "+420601000719",
			"access_token": "journey-access-token", "app_secret": "journey-app-secret"},
		world.Number{
			ID:          "100000000000019",
			Account:     "200000000000019",
			Phone:       "+420601000719",
			Name:        "Journey",
			AppSecret:   "journey-app-secret",
			AccessToken: "journey-access-token",
		}},
}

func TestJourney_EachKindIsConnectedInTheSettings(t *testing.T) {
	demo := sharedDemo(t)
	var numbers []world.Number
	for _, c := range connections {
		numbers = append(numbers, c.number)
	}
	sim := simulator.New(simulator.Options{Numbers: numbers})
	if err := sim.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Stop)
	jana, err := sim.World.CreateCustomer("Jana Journey", "+420777355001", false)
	if err != nil {
		t.Fatal(err)
	}
	p := signedIn(t, demo, demoEmail)
	for _, c := range connections {
		t.Run(c.name, func(t *testing.T) {
			p.t = t
			p.connects(c.kind, c.driver, "New "+c.name, c.fields, sim.URL())
			if err := sim.World.Connect(c.number.ID, eval[string](p, `document.querySelector("[data-copy-text]").textContent`)); err != nil {
				t.Fatal(err)
			}
			said, err := sim.World.Say(jana.ID, c.number.ID, world.Message{Kind: domain.KindText, Text: "First to " + c.name})
			if err != nil || !said.Acknowledged {
				t.Fatalf("the desk did not take the first message: %+v, %v", said, err)
			}
			p.open(chatOf(t, visitorOf(t, demo), demo, "First to "+c.name))
			p.answer("Welcome at " + c.name)
			p.until("the answer arrives", `["sent", "read"].includes(`+bubble("Welcome at "+c.name)+`?.dataset.state)`)
		})
	}
}

// connects fills in the form of a new channel and saves it.
func (p *page) connects(kind, driver, name string, fields map[string]string, server string) {
	p.t.Helper()
	p.open("/settings/channels/add/" + kind + "?driver=" + driver)
	p.fill("#field-name", name)
	for field, value := range fields {
		p.fill("#field-"+field, value)
	}
	p.click("#channel-fields details:last-of-type > summary")
	p.fill("#field-base_url", server)
	p.click("#channel-form .btn-primary")
	p.sees(".channel-added")
}

// visitorOf is the administrator without script.
func visitorOf(t *testing.T, demo *process) *visitor {
	t.Helper()
	v := newVisitor(t)
	v.signIn(demo.desk)
	return v
}

func TestJourney_AMailboxIsConnectedInTheSettings(t *testing.T) {
	demo := sharedDemo(t)
	const shop, customer = "journey@pult.example", "jana@journey.example"
	provider := mail.NewServer(mail.Options{Mailboxes: []mail.Mailbox{{Address: shop, Password: "journey-password"}}})
	if err := provider.Start("127.0.0.1:0", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(provider.Stop)
	p := signedIn(t, demo, demoEmail)
	p.open("/settings/channels/add/email")
	p.fill("#field-name", "New mailbox")
	p.fill("#field-address", shop)
	p.fill("#field-password", "journey-password")
	p.click("#channel-fields details:last-of-type > summary")
	for side, address := range map[string]string{"imap": provider.IMAP(), "smtp": provider.SMTP()} {
		host, port, _ := strings.Cut(address, ":")
		p.fill("#field-"+side+"_host", host)
		p.fill("#field-"+side+"_port", port)
		p.choose("#field-"+side+"_security", "none")
	}
	p.click("#channel-form .btn-primary")
	p.sees(".channel-added")

	if _, err := provider.Write(customer, mail.Draft{
		Name:    "Jana Journey",
		To:      []string{shop},
		Subject: "A journey by mail",
		Text:    "Is anybody there?",
	}); err != nil {
		t.Fatal(err)
	}
	p.open(chatOf(t, visitorOf(t, demo), demo, "Is anybody there?"))
	p.fill("#composer-text", "Of course.")
	p.click("[data-send]")
	p.until("the letter leaves", bubble("Of course.")+`?.dataset.state === "sent"`)
	if n := len(provider.Letters(customer)); n != 2 {
		t.Errorf("the customer's mailbox holds %d letters, want 2", n)
	}
}

func TestJourney_ATelephoneLineIsConnectedInTheSettings(t *testing.T) {
	demo := sharedDemo(t)
	line := world.Number{
		ID:        "new-line",
		Vendor:    simulator.TwilioVoice,
		Account:   "ACjourney000000000000000000000001",
		Phone:     "+420602000780",
		AppSecret: "journey-token",
	}
	sim := simulator.New(simulator.Options{Numbers: []world.Number{line}})
	if err := sim.Start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Stop)
	p := signedIn(t, demo, demoEmail)
	p.connects("voice", "twilio-voice", "New line", map[string]string{
		"number":      line.Phone,
		"account_sid": line.Account,
		"auth_token":  line.AppSecret,
	}, sim.URL())
	if err := sim.World.Connect(line.ID, eval[string](p, `document.querySelector("[data-copy-text]").textContent`)); err != nil {
		t.Fatal(err)
	}
	call, err := sim.World.Telephones.CallBusiness("+420777355002", line.ID, false)
	if err != nil {
		t.Fatal(err)
	}
	_ = sim.World.Telephones.HangUp(call.ID) // the line may have ended it before: nobody is on duty
	p.open("/chats")
	p.reads("#chat-rows", "+420 777 355 002")
}

func TestJourney_AWebChatIsConnectedInTheSettings(t *testing.T) {
	demo := sharedDemo(t)
	p := signedIn(t, demo, demoEmail)
	p.open("/settings/channels/add/web")
	p.fill("#field-name", "New chat")
	p.fill("#field-origins", "https://shop.example")
	p.click("#channel-form .btn-primary")
	p.sees(".channel-added")
	paste := eval[string](p, `[...document.querySelectorAll("[data-copy-text]")].map((el) => el.textContent).join("\n")`)
	found := regexp.MustCompile(`src="(http[^"]+/widget\.js\?channel=([0-9a-z]+))"`).FindStringSubmatch(paste)
	if found == nil {
		t.Fatalf("nothing to paste into a page in %q", paste)
	}
	v := newVisitor(t)
	if loader := v.get(demo.public + "/widget.js?channel=" + found[2]); !strings.Contains(loader, "https://shop.example") {
		t.Errorf("the loader does not know its site: %.200s", loader)
	}
	if page := v.get(demo.public + "/chat/" + found[2] + "?lang=cs"); !strings.Contains(page, says("cs", "widget.greeting")) {
		t.Errorf("the chat does not greet: %.200s", page)
	}
}
