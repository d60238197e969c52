package journey_test

import (
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/store"
	"pult/domain/store/kv/badgerkv"
)

var kills = flag.Int("kills", 40, "how often the crash test kills the program; thousands for a night")

// TestCrash_NothingAcknowledgedIsLostOrDoubled kills the program at random while a vendor posts webhooks and an
// operator answers, then counts: every webhook that was answered 200 is one message, every reply that was answered is
// one message, and no reply reached the vendor twice.
func TestCrash_NothingAcknowledgedIsLostOrDoubled(t *testing.T) {
	if testing.Short() {
		t.Skip("kills the program forty times: half a minute or more")
	}
	c := &crash{t: t, dir: t.TempDir(), vendor: newVendor(t), replies: map[string]bool{}, webhooks: map[string]bool{}}
	c.environ = []string{"PULT_DEMO_WHATSAPP_URL=" + c.vendor.URL}
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	t.Logf("seed %d", seed)
	for n := range *kills {
		c.round(n, time.Duration(10+random.IntN(140))*time.Millisecond)
	}
	p := launch(t, c.environ, "-demo", "-data", c.dir) // the next start works, and finishes what was left
	if err := p.stop(); err != nil {
		t.Errorf("the last start did not end cleanly: %v\n%s", err, p.output())
	}
	c.count()
}

type crash struct {
	t            *testing.T
	dir          string
	environ      []string
	vendor       *vendor
	visitor      *visitor
	conversation string
	newest       string // of the sample data

	mu       sync.Mutex
	webhooks map[string]bool // vendor ids that were answered 200; guarded by mu
	replies  map[string]bool // message ids that were answered 200; guarded by mu
}

// round starts the program, lets webhooks and replies in, and kills it after a while.
func (c *crash) round(n int, life time.Duration) {
	p := launch(c.t, c.environ, "-demo", "-data", c.dir)
	if c.visitor == nil {
		c.visitor = newVisitor(c.t)
		c.visitor.signIn(p.desk)
		c.conversation = c.firstConversation(p)
	}
	stop := make(chan struct{})
	var senders sync.WaitGroup
	for i := range 3 {
		senders.Go(func() { c.post(p, fmt.Sprintf("%d.%d", n, i), stop) })
	}
	senders.Go(func() { c.reply(p, stop) })
	time.Sleep(life) // how long the program lives is the random part of this test, not something it waits for
	p.kill()
	close(stop)
	senders.Wait()
}

// firstConversation lets a customer write and gives the page of the conversation.
func (c *crash) firstConversation(p *process) string {
	c.t.Helper()
	if rows := c.visitor.rows(p.desk); len(rows) > 0 {
		c.newest = rows[0]
	}
	if status, err := postWebhook(http.DefaultClient, p.public, webhookBody("wamid.first", "420777000001", "first", time.Now())); err != nil ||
		status != http.StatusOK {
		c.t.Fatalf("the first webhook: %d, %v", status, err)
	}
	// The newest conversation of the table is this one as soon as the journal is taken in.
	for range 200 {
		if rows := c.visitor.rows(p.desk); len(rows) > 0 && rows[0] != c.newest {
			return rows[0]
		}
	}
	c.t.Fatal("the first message did not appear")
	return ""
}

func (c *crash) post(p *process, name string, stop <-chan struct{}) {
	client := &http.Client{Timeout: 2 * time.Second}
	for i := 0; ; i++ {
		select {
		case <-stop:
			return
		default:
		}
		id := fmt.Sprintf("wamid.crash.%s.%d", name, i)
		status, err := postWebhook(client, p.public, webhookBody(id, fmt.Sprintf("4207770000%02d", i%7+2), "crash "+id, time.Now()))
		if err == nil && status == http.StatusOK {
			c.mu.Lock()
			c.webhooks[id] = true
			c.mu.Unlock()
		}
		if i%5 == 0 { // vendors repeat themselves
			_, _ = postWebhook(client, p.public, webhookBody(id, fmt.Sprintf("4207770000%02d", i%7+2), "crash "+id, time.Now()))
		}
	}
}

func (c *crash) reply(p *process, stop <-chan struct{}) {
	for i := 0; ; i++ {
		select {
		case <-stop:
			return
		default:
		}
		id := messageIDs.New(time.Now()).String()
		form := url.Values{"id": {id}, "text": {"reply " + id}}
		req, err := http.NewRequest(http.MethodPost, p.desk+"/chats/"+c.conversation+"/reply", strings.NewReader(form.Encode()))
		if err != nil {
			c.t.Error(err)
			return
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("HX-Request", "true")
		res, err := c.visitor.Do(req)
		if err != nil {
			continue
		}
		_ = res.Body.Close()
		if res.StatusCode == http.StatusOK {
			c.mu.Lock()
			c.replies[id] = true
			c.mu.Unlock()
		}
	}
}

// count compares what was acknowledged with what is stored and with what the vendor got.
func (c *crash) count() {
	engine, err := badgerkv.Open(badgerkv.Options{
		Dir:       filepath.Join(c.dir, "db"),
		FreeFloor: 1 << 20,
		Logger:    slog.New(slog.DiscardHandler),
	})
	if err != nil {
		c.t.Fatal(err)
	}
	defer engine.Close()
	key, err := os.ReadFile(filepath.Join(c.dir, "seal.key"))
	if err != nil {
		c.t.Fatal(err)
	}
	s, err := store.Open(c.t.Context(), engine, store.Options{Now: time.Now, SealKey: key})
	if err != nil {
		c.t.Fatal(err)
	}
	stored := map[string]int{} // vendor id, or our id → how many messages
	err = s.View(c.t.Context(), func(tx *store.Tx) error {
		waiting, _, err := tx.Journal(1, 1)
		if err != nil || len(waiting) > 0 {
			return fmt.Errorf("%d webhooks were not taken in: %w", len(waiting), err)
		}
		return tx.EachMessage(func(m *domain.Message) error {
			if m.VendorID != "" && m.Direction == domain.Incoming {
				stored[m.VendorID]++
			}
			stored[m.ID.String()]++
			return nil
		})
	})
	if err != nil {
		c.t.Fatal(err)
	}
	c.compare("webhook", c.webhooks, stored)
	c.compare("reply", c.replies, stored)
	c.vendor.mu.Lock()
	defer c.vendor.mu.Unlock()
	for id, n := range c.vendor.took {
		if n > 1 {
			c.t.Errorf("reply %s reached the vendor %d times", id, n)
		}
	}
	c.t.Logf(
		"%d kills: %d webhooks and %d replies acknowledged, the vendor took %d",
		*kills,
		len(c.webhooks),
		len(c.replies),
		len(c.vendor.took),
	)
}

func (c *crash) compare(what string, acknowledged map[string]bool, stored map[string]int) {
	c.t.Helper()
	if len(acknowledged) < *kills {
		c.t.Errorf("only %d of kind %s were acknowledged: the test did not test much", len(acknowledged), what)
	}
	for id := range acknowledged {
		if n := stored[id]; n != 1 {
			c.t.Errorf("%s %s was acknowledged and is stored %d times", what, id, n)
		}
	}
}
