package app

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/channels"
	"pult/domain/desk/files"
	"pult/domain/store"
	"pult/i18n"
	"pult/internal/config"
	"pult/providers/email"
	"pult/providers/engagelab"
	"pult/providers/messenger"
	"pult/providers/twilio"
	"pult/providers/webchat"
	"pult/providers/whatsapp"
	"pult/providers/wire"
)

// listOffers is the list of vendors: what the settings pages offer to connect, in the order of the catalogue, and
// what stored channels get their drivers from.
func listOffers(f carrier.Facilities) carrier.Offers {
	return carrier.Offers{
		whatsapp.Offer(f),
		engagelab.Offer(f),
		twilio.WhatsAppOffer(f),
		messenger.Offer(f),
		twilio.SMSOffer(f),
		twilio.VoiceOffer(f),
		webchat.Offer(f),
		email.Offer(f),
	}
}

// newFacilities are what the program lends to the vendors. public is where they reach the desk.
func newFacilities(cfg config.Config, s *store.Store, public domain.Origin, log *slog.Logger) carrier.Facilities {
	guard := wire.Guard{Private: cfg.Network.AllowPrivate}
	clients := &clientPool{guard: guard}
	return carrier.Facilities{
		Client: clients.getClient,
		TypedClient: &http.Client{Transport: &http.Transport{
			DialContext: guard.DialTyped, ForceAttemptHTTP2: true, IdleConnTimeout: time.Minute,
		}},
		Dial:   guard.DialTyped,
		Now:    time.Now,
		Public: public,
		Publish: func(ctx context.Context, m carrier.OutgoingMedia) (string, error) {
			token, err := files.Publish(ctx, s, m.File)
			if err != nil {
				return "", err
			}
			return public.Join("/f/" + token), nil
		},
		KeepToken: func(channel domain.ID, token domain.Secret) {
			if err := channels.KeepToken(context.Background(), s, channel, token); err != nil {
				log.Error("keep a refresh token", "channel", channel, "err", err)
			}
		},
		Say: func(lang domain.Language, key string) string { return i18n.For(string(lang)).T(key) },
	}
}

// vendorsOrigin is where vendors reach this desk; zero when nobody outside can. The demo's vendors are on this
// machine and reach it in any case.
func (p *program) vendorsOrigin(at listeners) domain.Origin {
	if p.config.Public.URL.IsZero() && p.flags.demo {
		return originOn(at.public)
	}
	return p.config.Public.URL
}

// clientPool gives clients for calls to vendors, which go where the guard lets them. Channels of one server share its
// connections. It is safe for many callers.
type clientPool struct {
	guard   wire.Guard
	clients sync.Map // *http.Client by the address that was typed
}

func (p *clientPool) getClient(address string) *http.Client {
	if client, ok := p.clients.Load(address); ok {
		return client.(*http.Client)
	}
	client, _ := p.clients.LoadOrStore(address, p.guard.Client(address))
	return client.(*http.Client)
}
