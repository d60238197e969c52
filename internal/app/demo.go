package app

import (
	"context"
	"net/http"
	"strings"
	"time"

	"pult/domain"
	"pult/domain/auth"
	"pult/internal/demo"
	"pult/providers/simulator"
	"pult/providers/simulator/phone"
)

// demoParts are the simulated vendors and their telephones.
type demoParts struct {
	simulator *simulator.Simulator
	mail      *simulator.MailServer
	phone     http.Handler
}

// startDemo begins to simulate and fills an empty desk with sample data. The listeners are open already: webhooks go there.
func startDemo(ctx context.Context, s *server) (*demoParts, error) {
	sim := simulator.New(simulator.Options{
		Numbers: demo.Numbers(browserURL(s.outer.Addr())), Chat: simulator.Chat{Origin: browserURL(s.outer.Addr()), Key: demo.WebChatKey}, Logger: s.log,
	})
	if err := sim.Start("127.0.0.1:0"); err != nil {
		return nil, err
	}
	post := simulator.NewMailServer(simulator.MailOptions{Mailboxes: []simulator.Mailbox{{Address: demo.MailAddress, Password: demo.MailPassword}}})
	if err := post.Start("127.0.0.1:0", "127.0.0.1:0"); err != nil {
		sim.Stop()
		return nil, err
	}
	d := &demoParts{simulator: sim, mail: post, phone: phone.New(phone.Options{
		Simulator: sim, Mail: phone.Mail{Server: post, Shop: demo.MailAddress}, Location: time.Local, Now: time.Now, Devices: devices(sim),
	})}
	hash, err := auth.Hash(demo.Password)
	if err != nil {
		return d, err
	}
	return d, demo.Seed(ctx, demo.Options{
		Store: s.store, Desk: s.desk, Simulator: sim, Mail: post, PasswordHash: hash, Now: time.Now(),
		ChannelURL: map[string]string{
			demo.Meta:      vendorURL(s.Environ, "WHATSAPP", sim.URL()),
			demo.Twilio:    vendorURL(s.Environ, "TWILIO", sim.URL()),
			demo.EngageLab: vendorURL(s.Environ, "ENGAGELAB", sim.URL()),
			demo.Shop:      sim.URL(),
			demo.IMAP:      post.IMAP(),
			demo.SMTP:      post.SMTP(),
			demo.Messenger: vendorURL(s.Environ, "MESSENGER", sim.URL()),
		},
	})
}

// devices are what customers use beside telephones with messages.
func devices(sim *simulator.Simulator) []phone.Device {
	return []phone.Device{{Kind: domain.WebChat, Sub: "shop.example", URL: sim.ShopURL()}}
}

func (d *demoParts) stop() {
	d.simulator.Stop()
	d.mail.Stop()
}

// vendorURL lets PULT_DEMO_<VENDOR>_URL point a driver at another conformant server.
func vendorURL(environ []string, vendor, simulated string) string {
	for _, v := range environ {
		if name, value, _ := strings.Cut(v, "="); name == "PULT_DEMO_"+vendor+"_URL" && value != "" {
			return value
		}
	}
	return simulated
}
