package phone

import (
	"pult/domain"
	"pult/i18n"
	"pult/providers/simulator"
)

// Device is something a customer writes or calls with that is no number of the simulator's: a mail program, a web page, a
// telephone to speak into.
type Device struct {
	Kind domain.ChannelKind
	Sub  string // whom it reaches: an address, a number
	URL  string // of its page
}

// deviceView is an entry of the list from which a device is chosen.
type deviceView struct {
	Icon, Words, Sub, URL string
	Phone                 bool // Sub is a telephone number
	Current               bool
}

// icons are the pictures of the kinds of channel.
var icons = map[domain.ChannelKind]string{
	domain.WhatsApp: "channel-whatsapp", domain.Messenger: "channel-messenger", domain.SMS: "channel-sms", domain.Email: "channel-mail",
	domain.WebChat: "channel-web", domain.Voice: "channel-phone",
}

// devices lists everything a customer can take into their hand. Numbers that customers know by the same app are told apart by whoever
// carries their messages to the desk.
func (p *Page) devices(a *ask) []deviceView {
	var out []deviceView
	l := i18n.For(a.lang)
	for _, n := range p.sim.Numbers() {
		v := deviceView{Icon: icons[n.Kind()], Words: l.T("channel." + string(n.Kind())), Sub: n.Phone, Phone: n.Phone != "", URL: a.link(n.ID), Current: n.ID == a.number.ID}
		if n.Kind() == domain.WhatsApp {
			v.Words += " ·\u00a0" + n.Carrier()
		}
		if n.Phone == "" {
			v.Sub = n.Name
		}
		out = append(out, v)
	}
	for _, d := range append(p.mailDevice(), p.o.Devices...) {
		out = append(out, deviceView{Icon: icons[d.Kind], Words: l.T("channel." + string(d.Kind)), Sub: d.Sub, URL: a.wished(d.URL), Current: d.URL == a.device})
	}
	return out
}

// reaches tells whether a customer can write to the number at all.
func reaches(c simulator.Customer, n simulator.Number) bool {
	return c.Phone != "" || n.Kind() == domain.Messenger || c.Username != "" && n.Abilities().Username
}
