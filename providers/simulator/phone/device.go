package phone

import (
	"pult/domain"
	"pult/i18n"
	"pult/providers/simulator/world"
)

// deviceView is an entry of the list from which a device is chosen.
type deviceView struct {
	Icon, Words, Sub, URL string
	Phone                 bool // Sub is a telephone number
	Current               bool
}

// icons are the pictures of the kinds of channel.
var icons = map[domain.ChannelKind]string{
	domain.WhatsApp: "channel-whatsapp", domain.Messenger: "channel-messenger", domain.SMS: "channel-sms",
	domain.Email:   "channel-mail",
	domain.WebChat: "channel-web", domain.Voice: "channel-phone",
}

// newDeviceViews lists everything a customer can take into their hand. Numbers that customers know by the same app
// are told apart by whoever carries their messages to the desk.
func (p *Page) newDeviceViews(a *ask) []deviceView {
	var out []deviceView
	l := i18n.For(a.lang)
	for _, n := range p.world.Numbers() {
		t := p.world.Traits(n.ID)
		v := deviceView{
			Icon: icons[t.Kind], Words: l.T("channel." + string(t.Kind)), Sub: n.Phone, Phone: n.Phone != "",
			URL:     a.link(n.ID),
			Current: n.ID == a.number.ID,
		}
		if t.Kind == domain.WhatsApp {
			v.Words += " ·\u00a0" + t.Carrier
		}
		if n.Phone == "" {
			v.Sub = n.Name
		}
		out = append(out, v)
	}
	for _, d := range append(p.mailDevices(), p.o.Devices...) {
		out = append(out, deviceView{
			Icon: icons[d.Kind], Words: l.T("channel." + string(d.Kind)), Sub: d.Sub, URL: a.addWish(d.URL),
			Current: d.URL == a.device,
		})
	}
	return out
}

// canReach reports whether a customer can write to a number at all.
func canReach(c world.Customer, can world.Abilities) bool {
	return c.Phone != "" || can.Account || c.Username != "" && can.Username
}

// mailDevices is the entry of the mail programs among the devices.
func (p *Page) mailDevices() []Device {
	if p.o.Mail.Server == nil {
		return nil
	}
	return []Device{{Kind: domain.Email, Sub: p.o.Mail.Shop, URL: mailPrefix}}
}
