package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// timeRequests asks for addresses one after another and gives how long each answer took, from request to last byte.
func (r *rig) timeRequests(paths func(i int) string, n int) ([]time.Duration, error) {
	var took []time.Duration
	for i := range n {
		began := time.Now()
		res, err := r.client.Get(r.base + paths(i))
		if err != nil {
			return nil, err
		}
		if _, err := io.Copy(io.Discard, res.Body); err != nil {
			return nil, err
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("%s: %s", paths(i), res.Status)
		}
		took = append(took, time.Since(began))
	}
	return took, nil
}

func (r *rig) measurePages(ctx context.Context, f *figures, n int) error {
	rows, err := r.listRows(ctx, 50)
	if err != nil {
		return err
	}
	for _, page := range []struct {
		name string
		path func(int) string
	}{
		{"reference: /healthz, p50 / p95 / p99", func(int) string { return "/healthz" }},
		{"chats table, 50 rows", func(int) string { return "/chats" }},
		{"chats table, waiting", func(int) string { return "/chats?view=waiting" }},
		{"conversation", func(i int) string { return "/chats/" + rows[i%len(rows)].ID.String() }},
	} {
		if _, err := r.timeRequests(page.path, 20); err != nil { // warm
			return err
		}
		took, err := r.timeRequests(page.path, n)
		if err != nil {
			return err
		}
		f.set(page.name, percentiles(took))
	}
	return nil
}

func (r *rig) measureSearches(_ context.Context, f *figures, n int) error {
	for _, q := range []struct{ name, text string }{
		{"search, common word", "dobry"},
		{"search, two words", "objednavka merci"},
		{"search, prefix", "obj"},
		{"search, rare number", "4242"},
	} {
		took, err := r.timeRequests(
			func(int) string { return "/search?q=" + strings.ReplaceAll(q.text, " ", "+") },
			max(n/4, 20),
		)
		if err != nil {
			return err
		}
		f.set(q.name, percentiles(took))
	}
	return nil
}

// measureWebhooks measures how many webhooks are durably taken a second, beside what the engine appends when nothing is
// around it.
func (r *rig) measureWebhooks(ctx context.Context, f *figures, n int) error {
	for _, writers := range []int{1, 8} {
		var made atomic.Int64
		reference, err := measureRate(writers, n*2, func() error {
			return r.engine.Append(ctx, fmt.Appendf(nil, "load/%d/%d", writers, made.Add(1)), make([]byte, 600))
		})
		if err != nil {
			return err
		}
		got, err := measureRate(
			writers,
			n*2,
			func() error { return r.postWebhook(fmt.Sprintf("wamid.%d.%d", writers, made.Add(1))) },
		)
		if err != nil {
			return err
		}
		f.set(
			fmt.Sprintf("webhooks/s, %d writers (engine's own appends)", writers),
			fmt.Sprintf("%.0f (%.0f, %.0f %%)", got, reference, 100*got/reference),
		)
	}
	began := time.Now()
	if err := r.desk.WaitIdle(ctx); err != nil {
		return err
	}
	f.set("backlog of these webhooks taken in after", milliseconds(time.Since(began)))
	return nil
}

func measureRate(writers, n int, do func() error) (perSecond float64, err error) {
	var all sync.WaitGroup
	errs := make(chan error, writers)
	began := time.Now()
	for range writers {
		all.Go(func() {
			for range n / writers {
				if err := do(); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	all.Wait()
	select {
	case err = <-errs:
	default:
	}
	return float64(n) / time.Since(began).Seconds(), err
}

func (r *rig) postWebhook(id string) error {
	body := fmt.Appendf(
		nil,
		`{"object":"whatsapp_business_account","entry":[{"id":"2","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"420601000111","phone_number_id":"1"},"contacts":[{"profile":{"name":"Load"},"wa_id":"420700000001"}],"messages":[{"from":"420700000001","id":"%s.%d","timestamp":"%d","type":"text","text":{"body":"live %s"}}]}}]}]}`,
		id,
		time.Now().UnixNano(),
		time.Now().Unix(),
		id,
	)
	mac := hmac.New(sha256.New, []byte(appSecret))
	mac.Write(body)
	req, err := http.NewRequest(http.MethodPost, r.base+"/hooks/load", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	res, err := r.client.Do(req)
	if err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("webhook: %s", res.Status)
	}
	return nil
}

// measureLive measures from posting a webhook to a browser's stream hearing of it.
func (r *rig) measureLive(ctx context.Context, f *figures, n int) error {
	took, _, err := r.tellStreams(ctx, 1, min(n, liveTold))
	if err != nil {
		return err
	}
	f.set("webhook to an open stream", percentiles(took))
	return nil
}

// How many messages streams are told of, one of them and many.
const (
	liveTold = 40
	fanTold  = 20
)

// measureFanOut opens a thousand streams and measures when each of them learns of a message.
func (r *rig) measureFanOut(ctx context.Context, f *figures, _ int) error {
	took, grown, err := r.tellStreams(ctx, crowdSize, fanTold)
	if err != nil {
		return err
	}
	f.set(fmt.Sprintf("webhook to %d open streams", crowdSize), percentiles(took))
	f.set("an open stream, both ends of the connection", fmt.Sprintf("%d kB", grown/crowdSize))
	return nil
}

// tellStreams opens streams of one reader, tells them of messages, and gives how long each took to hear of each, and by
// how many kB this process grew with the streams.
func (r *rig) tellStreams(ctx context.Context, streams, messages int) (took []time.Duration, grown int, err error) {
	ctx, cancel := context.WithCancel(ctx)
	before := memoryOf("VmRSS")
	c, err := openCrowd(ctx, &program{desk: r.base}, []*http.Client{r.client}, streams)
	if err != nil {
		cancel()
		return nil, 0, err
	}
	defer c.all.Wait()
	defer cancel()
	grown = memoryOf("VmRSS") - before
	for i := range messages {
		c.settle()
		one, err := c.tell(func() error { return r.postWebhook(fmt.Sprintf("wamid.live.%d.%d", streams, i)) })
		if err != nil {
			return nil, 0, err
		}
		took = append(took, one...)
	}
	return took, grown, nil
}

var assetPath = regexp.MustCompile(`(?:href|src)="(/static/[^"#]+)`)

// countFirstVisit notes what a browser loads for the chats table with an empty cache.
func (r *rig) countFirstVisit(_ context.Context, f *figures, _ int) error {
	body, size, err := r.loadLikeBrowser("/chats")
	if err != nil {
		return err
	}
	assets := map[string]bool{}
	for _, m := range assetPath.FindAllStringSubmatch(body, -1) {
		assets[m[1]] = true
	}
	total := size
	for path := range assets {
		_, n, err := r.loadLikeBrowser(path)
		if err != nil {
			return err
		}
		total += n
	}
	f.set("first visit of /chats", fmt.Sprintf("%.1f kB in %d requests", float64(total)/1000, len(assets)+1))
	f.set("next visit", fmt.Sprintf("%.1f kB in 1 request", float64(size)/1000))
	return nil
}

// loadLikeBrowser loads a path as a browser does; the body is only readable where the answer is not compressed.
func (r *rig) loadLikeBrowser(path string) (string, int, error) {
	res, err := r.client.Get(r.base + path)
	if err != nil {
		return "", 0, err
	}
	plain, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil {
		return "", 0, err
	}
	req, err := http.NewRequest(http.MethodGet, r.base+path, nil)
	if err != nil {
		return "", 0, err
	}
	req.Header.Set("Accept-Encoding", "br, gzip")
	if res, err = r.client.Do(req); err != nil {
		return "", 0, err
	}
	defer res.Body.Close()
	n, err := io.Copy(io.Discard, res.Body)
	return string(plain), int(n), err
}

func (r *rig) measureMemory(_ context.Context, f *figures, _ int) error {
	debug.FreeOSMemory()
	f.set(
		"memory after all this (RSS, of it anonymous)",
		fmt.Sprintf("%d MB, %d MB", memoryOf("VmRSS")/1000, memoryOf("RssAnon")/1000),
	)
	return nil
}

// measureIdle notes the memory of a desk that was just started and has served one page.
func (r *rig) measureIdle(_ context.Context, f *figures, _ int) error {
	if _, err := r.timeRequests(func(int) string { return "/chats" }, 1); err != nil {
		return err
	}
	debug.FreeOSMemory()
	f.set(
		"idle memory after the start (RSS, of it anonymous)",
		fmt.Sprintf("%d MB, %d MB", memoryOf("VmRSS")/1000, memoryOf("RssAnon")/1000),
	)
	return nil
}

// memoryOf reads a figure of this process in kB; 0 where the system does not tell.
func memoryOf(name string) int { return memoryOfProcess(os.Getpid(), name) }

// memoryOfProcess reads a figure of any process in kB; 0 where the system does not tell.
func memoryOfProcess(pid int, name string) int {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for _, line := range strings.Split(string(b), "\n") {
		if key, value, _ := strings.Cut(line, ":"); key == name {
			n, _ := strconv.Atoi(strings.Fields(value)[0])
			return n
		}
	}
	return 0
}
