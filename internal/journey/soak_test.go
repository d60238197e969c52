package journey_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// The soak lets a desk work for as long as PULT_SOAK says (20m) and compares its end with its beginning: what a message
// costs, what the collector does, what is open and what is held must not grow with what was. It is not part of the
// other tests, because it takes its time and measures a process; docs/performance.md says how to run it.

const soakFor = "PULT_SOAK"

const (
	soakGrowth   = 1.2 // how much more the end may take than the beginning
	soakWebhooks = 8   // a second
	soakPages    = 24  // streams that are open at a time
	soakVisitors = 6

	soakCollections = 10 // in the first window, to be compared
)

// moodyVendor takes messages as a vendor does on a bad day: it dies, wants peace, refuses, and reports twice. What it
// does with the n-th message is decided by n alone.
type moodyVendor struct {
	*httptest.Server
	asked    atomic.Int64
	accepted atomic.Int64
	report   func(id, state string)
}

func newMoodyVendor(t *testing.T) *moodyVendor {
	v := &moodyVendor{report: func(string, string) {}}
	v.Server = httptest.NewServer(http.HandlerFunc(v.serve))
	t.Cleanup(v.Close)
	return v
}

func (v *moodyVendor) serve(w http.ResponseWriter, r *http.Request) {
	if !strings.HasSuffix(r.URL.Path, "/messages") {
		_, _ = io.WriteString(w, `{"data":[]}`)
		return
	}
	var m struct {
		Status string `json:"status"`
		To     string `json:"to"`
	}
	if json.NewDecoder(r.Body).Decode(&m) != nil || m.Status != "" {
		_, _ = io.WriteString(w, `{"success":true}`)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	switch n := v.asked.Add(1); {
	case n%97 == 0: // the line goes dead in the middle of the answer
		panic(http.ErrAbortHandler)
	case n%31 == 0:
		w.WriteHeader(http.StatusInternalServerError)
	case n%23 == 0:
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = io.WriteString(w, `{"error":{"message":"Too many","code":130429}}`)
	case n%41 == 0:
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"error":{"message":"Refused","code":131026}}`)
	default:
		id := fmt.Sprintf("wamid.soak.out.%d", n)
		fmt.Fprintf(w, `{"messaging_product":"whatsapp","contacts":[{"wa_id":"%s"}],"messages":[{"id":"%s"}]}`, m.To, id)
		v.accepted.Add(1)
		v.report(id, "delivered")
		v.report(id, "delivered") // vendors say things twice
	}
}

// statusBody is a vendor's report of a message.
func statusBody(id, state string) []byte {
	return fmt.Appendf(
		nil,
		`{"object":"whatsapp_business_account","entry":[{"id":"200000000000001","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"420601000111","phone_number_id":"100000000000001"},"statuses":[{"id":"%s","status":"%s","timestamp":"%d","recipient_id":"420777000001"}]}}]}]}`,
		id,
		state,
		time.Now().Unix(),
	)
}

// sample is what a process had used at a moment.
type sample struct {
	cpu         time.Duration
	messages    int64
	collections int64
	files       int
	rss         int // kB
}

// soak is a desk at work and what is seen of it from outside.
type soak struct {
	t           *testing.T
	demo        *process
	vendor      *moodyVendor
	end         <-chan struct{}
	collections func() int64
	messages    atomic.Int64 // webhooks, replies and visitors' words
	faults      struct {
		sync.Mutex
		seen map[string]int
	}
}

var gcLine = regexp.MustCompile(`(?m)^gc \d+ @`)

func TestSoak_EndCostsWhatTheBeginningDid(t *testing.T) {
	text := os.Getenv(soakFor)
	if text == "" {
		t.Skipf("%s says how long the desk is to work, for example 20m", soakFor)
	}
	length, err := time.ParseDuration(text)
	if err != nil || length < time.Minute {
		t.Fatalf("%s=%q: want a minute or more", soakFor, text)
	}
	vendor := newMoodyVendor(t)
	environ := []string{"PULT_DEMO_WHATSAPP_URL=" + vendor.URL, "GODEBUG=gctrace=1"}
	demo := launch(t, environ, "-demo", "-data", t.TempDir())
	end := make(chan struct{})
	s := &soak{t: t, demo: demo, vendor: vendor, end: end, collections: func() int64 {
		return int64(len(gcLine.FindAllStringIndex(demo.output(), -1)))
	}}
	s.faults.seen = map[string]int{}
	reports := make(chan []byte, 1000)
	vendor.report = func(id, state string) {
		select {
		case reports <- statusBody(id, state):
		default:
		}
	}
	people := make([]*visitor, soakPages+1) // one after the other: the desk lets few passwords be tried at a time
	for i := range people {
		people[i] = newVisitor(t)
		people[i].signIn(demo.desk)
	}
	s.fillHistory()
	var parts sync.WaitGroup
	parts.Go(s.customers)
	parts.Go(func() { s.reports(reports) })
	parts.Go(func() { s.operator(people[soakPages]) })
	for i := range soakVisitors {
		parts.Go(func() { s.visitor(i) })
	}
	for i := range soakPages {
		parts.Go(func() { s.page(people[i], time.Duration(5+i%20)*time.Second) })
	}

	window := max(length/10, 30*time.Second)
	time.Sleep(length/20 + 10*time.Second) // caches fill, sign-ins are over
	first, firstEnd := s.sampleOver(window)
	time.Sleep(max(length-length/20-10*time.Second-2*window, 0))
	last, lastEnd := s.sampleOver(window)
	close(end)
	parts.Wait()

	t.Logf("first: %+v", first)
	t.Logf("last:  %+v", last)
	s.compare("CPU a message, µs", float64(first.cpu.Microseconds())/float64(first.messages), float64(last.cpu.Microseconds())/float64(last.messages))
	if first.collections >= soakCollections { // fewer say nothing
		s.compare("collections a second", float64(first.collections)/window.Seconds(), float64(last.collections)/window.Seconds())
	}
	s.compare("open files", float64(firstEnd.files), float64(lastEnd.files))
	s.compare("memory, kB", float64(firstEnd.rss), float64(lastEnd.rss))
	if vendor.accepted.Load() == 0 {
		t.Error("the vendor took no message: the soak was none")
	}
	for _, fault := range slices.Sorted(maps.Keys(s.faults.seen)) {
		t.Errorf("%d times: %s", s.faults.seen[fault], fault)
	}
}

// compare holds the end of the soak against its beginning.
func (s *soak) compare(what string, first, last float64) {
	s.t.Helper()
	s.t.Logf("%s: %.1f at the beginning, %.1f at the end (× %.2f)", what, first, last, last/first)
	if last > first*soakGrowth {
		s.t.Errorf("%s: %.1f became %.1f, want at most × %.1f", what, first, last, soakGrowth)
	}
}

// sampleOver gives what was used in a while, and how things stood at its end.
func (s *soak) sampleOver(window time.Duration) (used, end sample) {
	before := s.sample()
	time.Sleep(window)
	end = s.sample()
	used = sample{
		cpu:         end.cpu - before.cpu,
		messages:    end.messages - before.messages,
		collections: end.collections - before.collections,
	}
	return used, end
}

func (s *soak) sample() sample {
	pid := s.demo.cmd.Process.Pid
	files, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	if err != nil {
		s.t.Fatalf("a soak is measured by /proc: %v", err)
	}
	return sample{
		cpu:         processCPU(s.t, pid),
		messages:    s.messages.Load(),
		collections: s.collections(),
		files:       len(files),
		rss:         processRSS(s.t, pid),
	}
}

// processCPU reads how long a process has computed, in the kernel's ticks of ten milliseconds.
func processCPU(t *testing.T, pid int) time.Duration {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(b), ") ")
	fields := strings.Fields(after)
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

func processRSS(t *testing.T, pid int) int {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := bytes.Cut(b, []byte("VmRSS:"))
	fields := strings.Fields(string(after))
	n, _ := strconv.Atoi(fields[0])
	return n
}

func (s *soak) fault(format string, args ...any) {
	s.faults.Lock()
	defer s.faults.Unlock()
	s.faults.seen[fmt.Sprintf(format, args...)]++
}

// every does something at a steady pace until the soak ends.
func (s *soak) every(pause time.Duration, do func(i int)) {
	beat := time.NewTicker(pause)
	defer beat.Stop()
	for i := 0; ; i++ {
		select {
		case <-s.end:
			return
		case <-beat.C:
			do(i)
		}
	}
}

const (
	soakCustomers = 200
	soakHistory   = 55 // messages of each before the soak begins
)

// fillHistory gives every customer more messages than a page of a conversation shows. Pages are then as large at the
// beginning as at the end: what is compared is the desk, and not how much there is to read.
func (s *soak) fillHistory() {
	var senders sync.WaitGroup
	for sender := range soakWebhooks {
		senders.Go(func() {
			for i := sender; i < soakCustomers*soakHistory; i += soakWebhooks {
				phone := fmt.Sprintf("4207791%05d", i%soakCustomers)
				s.post(webhookBody(fmt.Sprintf("wamid.soak.before.%d", i), phone, fmt.Sprintf("Soak %d", i), time.Now()))
			}
		})
	}
	senders.Wait()
}

// customers write by webhook.
func (s *soak) customers() {
	random := rand.New(rand.NewPCG(1, 2))
	s.every(time.Second/soakWebhooks, func(i int) {
		phone := fmt.Sprintf("4207791%05d", random.IntN(soakCustomers))
		s.post(webhookBody(fmt.Sprintf("wamid.soak.in.%d", i), phone, fmt.Sprintf("Soak %d", i), time.Now()))
		if i%50 == 0 { // and again: the same message
			s.post(webhookBody(fmt.Sprintf("wamid.soak.in.%d", i), phone, fmt.Sprintf("Soak %d", i), time.Now()))
		}
		s.messages.Add(1)
	})
}

func (s *soak) reports(bodies <-chan []byte) {
	for {
		select {
		case <-s.end:
			return
		case body := <-bodies:
			s.post(body)
		}
	}
}

func (s *soak) post(body []byte) {
	if status, err := postWebhook(http.DefaultClient, s.demo.public, body); err != nil || status != http.StatusOK {
		s.fault("webhook: status %d, %v", status, err)
	}
}

// operator opens the table, and answers those who stand at its top.
func (s *soak) operator(v *visitor) {
	s.every(700*time.Millisecond, func(i int) {
		rows := s.read(v.Client, s.demo.desk+"/chats")
		ids := rowID.FindAllStringSubmatch(rows, -1)
		if len(ids) == 0 {
			return
		}
		chat := s.demo.desk + "/chats/" + ids[i%min(len(ids), 8)][1]
		s.read(v.Client, chat)
		res, err := v.PostForm(chat+"/reply", url.Values{"id": {messageIDs.New(time.Now()).String()}, "text": {fmt.Sprintf("Answer %d", i)}})
		if err != nil {
			s.fault("reply: %v", err)
			return
		}
		_ = res.Body.Close()
		if res.StatusCode >= 500 {
			s.fault("reply: status %d", res.StatusCode)
		}
		s.messages.Add(1)
	})
}

// read reads a page; what goes wrong is noted.
func (s *soak) read(client *http.Client, address string) string {
	res, err := client.Get(address)
	if err != nil {
		s.fault("page: %v", err)
		return ""
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 500 {
		s.fault("page: status %d, %v", res.StatusCode, err)
	}
	return string(body)
}

// visitor chats on the shop's page.
func (s *soak) visitor(n int) {
	token := fmt.Sprintf("soak-visitor-%032d", n)
	s.every(4*time.Second, func(i int) {
		form := url.Values{"id": {messageIDs.New(time.Now()).String()}, "text": {fmt.Sprintf("Visitor %d says %d", n, i)}}
		req, err := http.NewRequest(http.MethodPost, s.demo.public+"/chat/demo-web/messages?lang=en", strings.NewReader(form.Encode()))
		if err != nil {
			s.fault("visitor: %v", err)
			return
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Authorization", "Bearer "+token)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			s.fault("visitor: %v", err)
			return
		}
		_, _ = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
		if res.StatusCode >= 500 {
			s.fault("visitor: status %d", res.StatusCode)
		}
		if res.StatusCode < 400 {
			s.messages.Add(1)
		}
	})
}

// streamPlace finds the address of the stream in a page: as it is written since pages share one, and before.
var streamPlace = regexp.MustCompile(`(?:data-stream|hx-sse:connect)="([^"]+)"`)

// page opens the table with its stream, looks for some seconds, and goes; again and again.
func (s *soak) page(v *visitor, stay time.Duration) {
	for {
		page := s.read(v.Client, s.demo.desk+"/chats")
		if m := streamPlace.FindStringSubmatch(page); m != nil {
			s.look(v, s.demo.desk+strings.ReplaceAll(m[1], "&amp;", "&"), stay)
		}
		select {
		case <-s.end:
			return
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// look follows a stream for a while.
func (s *soak) look(v *visitor, address string, stay time.Duration) {
	hand := &http.Client{Jar: v.Jar, Timeout: stay} // the time limit is the leaving
	res, err := hand.Get(address)
	if err != nil {
		s.fault("stream: it did not open")
		return
	}
	defer res.Body.Close()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = io.Copy(io.Discard, res.Body)
	}()
	select {
	case <-ended:
	case <-s.end:
	}
}
