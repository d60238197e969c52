package app

import (
	"context"
	"net/http"
	"strings"
	"time"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/desk"
	"pult/domain/store"
	"pult/internal/demo"
	"pult/providers/simulator"
	"pult/providers/simulator/mail"
	"pult/providers/simulator/phone"
	"pult/providers/simulator/shop"
)

// world is what the program simulates outside of the desk: vendors and telephones in the demo, otherwise nothing.
type world struct {
	telephones http.Handler // nil = there are none
	signIn     string       // who may sign in, and with what; "" = whoever was set up
	fill       func(context.Context, *store.Store, *desk.Desk) error
	stop       func()
}

// simulateWorld starts what the flags ask to simulate.
func (p *program) simulateWorld(at listeners) (world, error) {
	if p.flags.demo {
		return p.simulateVendors(originOn(at.public))
	}
	return world{
		fill: func(context.Context, *store.Store, *desk.Desk) error { return nil },
		stop: func() {},
	}, nil
}

// simulateVendors starts the simulated vendors, which post their webhooks to the desk's public address.
func (p *program) simulateVendors(public domain.Origin) (world, error) {
	sim := simulator.New(simulator.Options{
		Numbers: demo.Numbers(public.String()),
		Chat:    shop.Chat{Origin: public.String(), Key: demo.WebChatKey},
		Logger:  p.log,
	})
	if err := sim.Start("127.0.0.1:0"); err != nil {
		return world{}, err
	}
	post := mail.NewServer(mail.Options{
		Mailboxes: []mail.Mailbox{{Address: demo.MailAddress, Password: demo.MailPassword}},
	})
	if err := post.Start("127.0.0.1:0", "127.0.0.1:0"); err != nil {
		sim.Stop()
		return world{}, err
	}
	return world{
		telephones: phone.New(phone.Options{
			World:    sim.World,
			Mail:     phone.Mail{Server: post, Shop: demo.MailAddress},
			Location: time.Local,
			Now:      time.Now,
			// what customers use beside telephones with messages
			Devices: []phone.Device{{Kind: domain.WebChat, Sub: "shop.example", URL: sim.ShopURL()}},
		}),
		signIn: demo.Email + " / " + demo.Password,
		fill: func(ctx context.Context, s *store.Store, d *desk.Desk) error {
			return fillDemo(ctx, s, d, sim, post, p.in.Environ)
		},
		stop: func() { sim.Stop(); post.Stop() },
	}, nil
}

// fillDemo fills an empty desk with sample data and tells the simulated vendors what was said.
func fillDemo(
	ctx context.Context,
	s *store.Store,
	d *desk.Desk,
	sim *simulator.Simulator,
	post *mail.Server,
	environ []string,
) error {
	hash, err := auth.Hash(demo.Password)
	if err != nil {
		return err
	}
	return demo.Seed(ctx, demo.Options{
		Store:        s,
		Desk:         d,
		Simulator:    sim,
		Mail:         post,
		PasswordHash: hash,
		Now:          time.Now(),
		ChannelURL: map[string]string{
			demo.Meta:      vendorURL(environ, "WHATSAPP", sim.URL()),
			demo.Twilio:    vendorURL(environ, "TWILIO", sim.URL()),
			demo.EngageLab: vendorURL(environ, "ENGAGELAB", sim.URL()),
			demo.Messenger: vendorURL(environ, "MESSENGER", sim.URL()),
			demo.Shop:      sim.URL(),
			demo.IMAP:      post.IMAP(),
			demo.SMTP:      post.SMTP(),
		},
	})
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
