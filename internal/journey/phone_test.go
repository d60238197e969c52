package journey_test

import (
	"fmt"
	"testing"
)

func TestJourney_TelephoneIsEnough(t *testing.T) {
	demo := sharedDemo(t)
	c := newCustomer(t, demo, "Thea Telephone")
	c.writes("Are you there?")
	chat := c.chat()
	p := newReader(t, demo.desk)
	p.size(390, 844)
	p.signIn(tom)
	p.noOverflow()
	p.click(row(chat) + " .table-text")
	p.at(chat)
	p.ready()
	p.fill("#composer-text", "Yes, on the way")
	p.click("[data-send]")
	p.until("it is sent", bubble("on the way"))
	for pane, place := range map[string]string{"requests": "#requests-pane", "request": "#side", "messages": "#messages-pane"} {
		p.click(fmt.Sprintf(".panes-switch label:has([value=%s])", pane))
		p.sees(place)
		p.noOverflow()
	}
}

func TestJourney_NothingStandsOutOfANarrowScreen(t *testing.T) {
	demo := sharedDemo(t)
	v := newVisitor(t)
	v.signIn(demo.desk)
	chat := chatOf(t, v, demo, "Lucie Malá")
	for _, tc := range []struct {
		who   string
		width int64
	}{{demoEmail, 390}, {demoEmail, 320}, {laure, 320}} {
		p := newReader(t, demo.desk)
		p.size(tc.width, 640)
		p.open("/signin")
		p.noOverflow()
		p.signIn(tc.who)
		for _, path := range []string{"/chats", chat, "/search", "/search?q=k%C3%A1va", "/operators", "/operators/new", "/profile", "/settings/journal", "/settings/channels", "/settings/channels/add", "/settings/channels/add/whatsapp", "/chats/new", "/simulator", "/simulator/demo-voice", "/simulator/mail", "/simulator/mail/jitka.benesova@posta.example"} {
			p.open(path)
			p.noOverflow()
		}
	}
}

// standsOut is script that names what is too wide and lies in nothing that scrolls by itself.
const standsOut = `(() => {
	const clipped = (el) => el && el !== document.body && (getComputedStyle(el).overflowX !== "visible" || clipped(el.parentElement));
	return [...document.querySelectorAll("body *")].filter((el) => el.getBoundingClientRect().right > screen.width + 1 && el.checkVisibility() && !clipped(el.parentElement))
		.slice(0, 5).map((el) => el.tagName + "." + el.getAttribute("class") + "#" + el.id).join(", ");
})()`

// noOverflow checks that the page is not wider than the screen: nobody should have to scroll sideways.
func (p *page) noOverflow() {
	p.t.Helper()
	got := eval[[]int](p, "[document.scrollingElement.scrollWidth, innerWidth, screen.width]")
	if got[0] > got[2] || got[1] > got[2] {
		wide := eval[string](p, standsOut)
		p.t.Errorf("%s is %d wide on a screen of %d: %s", eval[string](p, "location.pathname"), got[0], got[2], wide)
	}
}
