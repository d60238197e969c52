package app

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"pult/domain"
	"pult/internal/config"
)

// dialect is how one vendor calls: a channel of it, and a call that says something new each time.
type dialect struct {
	channel domain.Channel
	call    func(origin string, n uint64) *http.Request
}

// asked makes a call with a body and a header that signs it.
func asked(origin, key, kind, body, header, signature string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, origin+"/hooks/"+key, strings.NewReader(body))
	r.URL.Scheme, r.URL.Host = "", ""
	r.Header.Set("Content-Type", kind)
	if header != "" {
		r.Header.Set(header, signature)
	}
	return r
}

func sha256Of(secret, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(body))
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// dialects are the calls of every vendor that has any, in the shapes their pages document.
var dialects = map[string]dialect{
	"whatsapp-cloud": {
		domain.Channel{
			Kind:     domain.WhatsApp,
			Driver:   "whatsapp-cloud",
			Number:   "+420601000111",
			Account:  "100000000000001",
			Business: "200000000000001",
			Secrets:  map[string]domain.Secret{"app_secret": "secret", "verify_token": "token", "access_token": "token"},
		},
		func(origin string, n uint64) *http.Request {
			body := fmt.Sprintf(
				`{"object":"whatsapp_business_account","entry":[{"id":"200000000000001","changes":[{"value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"420601000111","phone_number_id":"100000000000001"},"contacts":[{"profile":{"name":"Jana Nová"},"wa_id":"420602111201"}],"messages":[{"from":"420602111201","id":"wamid.%d","timestamp":"1795338000","type":"text","text":{"body":"Dobrý den, máte tu konvici skladem?"}}]},"field":"messages"}]}]}`,
				n,
			)
			return asked(origin, "whatsapp-cloud", "application/json", body, "X-Hub-Signature-256", sha256Of("secret", body))
		},
	},
	"messenger": {
		domain.Channel{Kind: domain.Messenger, Driver: "messenger", Account: "300000000000001",
			Secrets: map[string]domain.Secret{"app_secret": "secret", "verify_token": "token", "page_token": "token"}},
		func(origin string, n uint64) *http.Request {
			body := fmt.Sprintf(
				`{"object":"page","entry":[{"id":"300000000000001","time":1795338000000,"messaging":[{"sender":{"id":"7000000000000001"},"recipient":{"id":"300000000000001"},"timestamp":1795338000000,"message":{"mid":"m_%d","text":"Dobrý den, máte tu konvici skladem?"}}]}]}`,
				n,
			)
			return asked(origin, "messenger", "application/json", body, "X-Hub-Signature-256", sha256Of("secret", body))
		},
	},
	"engagelab": {
		domain.Channel{Kind: domain.WhatsApp, Driver: "engagelab", Account: "+420603000444", Business: "200000000000002",
			Secrets: map[string]domain.Secret{"dev_key": "key", "dev_secret": "secret"}},
		func(origin string, n uint64) *http.Request {
			body := fmt.Sprintf(
				`{"total":1,"rows":[{"message_id":"%d","from":"420602111201","to":"+420603000444","server":"whatsapp","channel":"whatsapp","itime":1795338000,"response":{"event":"received","response_data":{"message_id":"wamid.%d","contacts":[{"profile":{"name":"Jana Nová"},"wa_id":"420602111201"}],"messages":[{"from":"420602111201","id":"wamid.%d","type":"text","text":{"body":"Dobrý den"}}]}}}]}`,
				n,
				n,
				n,
			)
			return asked(origin, "engagelab", "application/json", body, "", "")
		},
	},
	"twilio": {
		domain.Channel{
			Kind:     domain.WhatsApp,
			Driver:   "twilio-whatsapp",
			Account:  "+420602000333",
			Business: "ACdemo0000000000000000000000000001",
			Secrets:  map[string]domain.Secret{"auth_token": "secret"},
		},
		func(origin string, n uint64) *http.Request {
			form := url.Values{
				"MessageSid":  {fmt.Sprintf("SM%032d", n)},
				"AccountSid":  {"ACdemo0000000000000000000000000001"},
				"From":        {"whatsapp:+420602111201"},
				"To":          {"whatsapp:+420602000333"},
				"Body":        {"Dobrý den, máte tu konvici skladem?"},
				"ProfileName": {"Jana Nová"},
				"WaId":        {"420602111201"},
				"NumMedia":    {"0"},
				"NumSegments": {"1"},
			}
			signed := origin + "/hooks/twilio"
			for _, name := range []string{"AccountSid", "Body", "From", "MessageSid", "NumMedia", "NumSegments", "ProfileName", "To", "WaId"} {
				signed += name + form.Get(name)
			}
			mac := hmac.New(sha1.New, []byte("secret"))
			mac.Write([]byte(signed))
			return asked(
				origin,
				"twilio",
				"application/x-www-form-urlencoded",
				form.Encode(),
				"X-Twilio-Signature",
				base64.StdEncoding.EncodeToString(mac.Sum(nil)),
			)
		},
	},
}

// hooked is the real public handler over a store on the disk, with one channel of every dialect. Nothing works in the
// background: what is measured ends with the acknowledgement.
func hooked(b *testing.B) (s *server, public http.Handler, origin string) {
	b.Helper()
	cfg := config.Default()
	cfg.Server.Listen, cfg.Public.Listen, cfg.Limits.FreeDiskFloor = "127.0.0.1:0", "127.0.0.1:0", 1
	p := &program{config: cfg, folder: folder{path: b.TempDir()}, log: slog.New(slog.DiscardHandler)}
	engine, err := p.folder.openEngine(cfg.Limits.FreeDiskFloor, p.log)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = engine.Close() })
	at, err := openListeners(cfg, false, p.log)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(at.close)
	world, err := p.simulateWorld(at)
	if err != nil {
		b.Fatal(err)
	}
	if s, err = newServer(b.Context(), p, engine, at, world); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(s.desk.Stop)
	admin := &domain.Operator{Active: true, Role: domain.RoleAdministrator}
	for key, d := range dialects {
		d.channel.Key, d.channel.Name, d.channel.Enabled = key, key, true
		if _, err := s.desk.Channels.Add(b.Context(), admin, d.channel); err != nil {
			b.Fatalf("%s: %v", key, err)
		}
	}
	return s, s.pages.Public(), originOn(at.public).String()
}

// callers is how many vendors' calls arrive at a time, for each processor.
const callers = 32

// BenchmarkWebhook takes webhooks in over the real handler, each synced before it is acknowledged, beside the bare
// synced append of a body of the same kind. go test -bench Webhook -benchtime 3s ./internal/app
func BenchmarkWebhook(b *testing.B) {
	for name, d := range dialects {
		b.Run(name, func(b *testing.B) {
			_, public, origin := hooked(b)
			var n atomic.Uint64
			b.SetParallelism(callers)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					w := httptest.NewRecorder()
					public.ServeHTTP(w, d.call(origin, n.Add(1)))
					if w.Code != http.StatusOK {
						b.Errorf("got %d: %s", w.Code, w.Body)
						return
					}
				}
			})
			b.ReportMetric(float64(n.Load())/b.Elapsed().Seconds(), "req/s")
		})
	}
	b.Run("bare-append", func(b *testing.B) {
		s, _, origin := hooked(b)
		body := make([]byte, dialects["whatsapp-cloud"].call(origin, 1).ContentLength)
		var n atomic.Uint64
		b.SetParallelism(callers)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				n.Add(1)
				if err := s.store.AppendJournal(b.Context(), &domain.JournalEntry{Header: map[string]string{}, Body: body}); err != nil {
					b.Error(err)
					return
				}
			}
		})
		b.ReportMetric(float64(n.Load())/b.Elapsed().Seconds(), "req/s")
	})
}
