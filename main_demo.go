package main

import (
	"context"
	"net/http"
	"strings"
	"time"

	"pult/domain/auth"
	"pult/domain/demo"
	"pult/providers/simulator"
	"pult/providers/simulator/phone"
)

// Who signs in to the demo. docs/demo.md says the same.
const (
	demoEmail    = "demo@pult.example"
	demoPassword = "demo-pult"
)

// demoParts are the simulated vendors and their telephones.
type demoParts struct {
	simulator *simulator.Simulator
	phone     http.Handler
}

// startDemo begins to simulate and fills an empty desk with sample data. The listeners are open already: webhooks go there.
func startDemo(ctx context.Context, s *server) (*demoParts, error) {
	sim := simulator.New(simulator.Options{Numbers: demo.Numbers(browserURL(s.outer.Addr())), Logger: s.log})
	if err := sim.Start("127.0.0.1:0"); err != nil {
		return nil, err
	}
	d := &demoParts{simulator: sim, phone: phone.New(phone.Options{Simulator: sim, Location: time.Local, Now: time.Now})}
	hash, err := auth.Hash(demoPassword)
	if err != nil {
		return d, err
	}
	return d, demo.Seed(ctx, demo.Options{
		Store: s.store, Desk: s.desk, Simulator: sim, PasswordHash: hash, Now: time.Now(),
		ChannelURL: map[string]string{
			demo.Meta:      vendorURL(s.environ, "WHATSAPP", sim.URL()),
			demo.Twilio:    vendorURL(s.environ, "TWILIO", sim.URL()),
			demo.EngageLab: vendorURL(s.environ, "ENGAGELAB", sim.URL()),
		},
	})
}

func (d *demoParts) stop() { d.simulator.Stop() }

// vendorURL lets PULT_DEMO_<VENDOR>_URL point a driver at another conformant server.
func vendorURL(environ []string, vendor, simulated string) string {
	for _, v := range environ {
		if name, value, _ := strings.Cut(v, "="); name == "PULT_DEMO_"+vendor+"_URL" && value != "" {
			return value
		}
	}
	return simulated
}
