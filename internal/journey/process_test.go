package journey_test

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	_ "time/tzdata" // as the program itself

	"pult/domain"
	"pult/internal/app"
)

// What whole-program tests stand on: a running pult, an operator's browser without script, a vendor, and its webhooks.

// asProgram makes the test's own binary behave as pult: whole-program tests start and kill real processes without
// building one.
const asProgram = "PULT_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(app.Main("development"))
	}
	code := m.Run()
	closeBrowser()
	closeFirefox()
	closeSharedDemo()
	os.Exit(code)
}

// process is a running pult.
type process struct {
	cmd     *exec.Cmd
	desk    string // http://127.0.0.1:…
	public  string
	said    lines // what it told the person who started it
	done    chan struct{}
	mu      sync.Mutex
	printed strings.Builder // guarded by mu
}

// lines is a standard output, line by line. It holds as many as a start prints; more are dropped.
type lines chan string

// Write gets whole lines: the program prints each with one call.
func (l lines) Write(b []byte) (int, error) {
	select {
	case l <- string(b):
	default:
	}
	return len(b), nil
}

// launch starts pult and waits until it is ready. It is killed at the end of the test.
func launch(t *testing.T, environ []string, args ...string) *process {
	t.Helper()
	p, err := start(environ, args...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	return p
}

// start starts pult and waits until it is ready.
func start(environ []string, args ...string) (*process, error) {
	args = append([]string{"-no-browser", "-listen", "127.0.0.1:0", "-public", "127.0.0.1:0"}, args...)
	p := &process{cmd: exec.Command(os.Args[0], args...), done: make(chan struct{}), said: make(lines, 4)}
	p.cmd.Env = append(append(os.Environ(), asProgram+"=1", "PULT_LOG_FORMAT=json", "PULT_LOG_LEVEL=info"), environ...)
	p.cmd.Stdout = p.said
	out, err := p.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	ready := make(chan struct{})
	go p.read(out, ready)
	select {
	case <-ready:
		return p, nil
	case <-p.done:
		return nil, fmt.Errorf("pult ended before it was ready:\n%s", p.output())
	case <-time.After(30 * time.Second):
		p.kill()
		return nil, fmt.Errorf("pult was not ready in half a minute:\n%s", p.output())
	}
}

// read follows the log for the addresses.
func (p *process) read(r io.Reader, ready chan<- struct{}) {
	defer close(p.done)
	for lines := bufio.NewScanner(r); lines.Scan(); {
		p.mu.Lock()
		p.printed.WriteString(lines.Text() + "\n")
		p.mu.Unlock()
		var line struct{ Msg, Desk, Public string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "ready" {
			p.desk, p.public = line.Desk, line.Public
			close(ready)
		}
	}
}

func (p *process) output() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.printed.String()
}

// kill ends the process at once, as a power cut of the program would.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.done
	_ = p.cmd.Wait()
}

// stop ends the process as a person does.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	<-p.done
	return p.cmd.Wait()
}

// visitor is an operator's browser without script.
type visitor struct {
	t *testing.T
	*http.Client
}

func newVisitor(t *testing.T) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t, &http.Client{Jar: jar, Timeout: 10 * time.Second}}
}

func (v *visitor) signIn(desk string) { v.t.Helper(); v.as(demoEmail, desk) }

// as signs in as one of the demo's operators.
func (v *visitor) as(email, desk string) {
	v.t.Helper()
	res, err := v.PostForm(desk+"/signin", url.Values{"email": {email}, "password": {demoPassword}})
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	if res.Request.URL.Path != "/chats" {
		v.t.Fatalf("signing in led to %s with status %d", res.Request.URL, res.StatusCode)
	}
}

// vendor stands in for the Graph API outside the program, so that it remembers what it got when the program is killed.
type vendor struct {
	*httptest.Server
	mu   sync.Mutex
	took map[string]int // our message id → how often it was sent; guarded by mu
}

func newVendor(t *testing.T) *vendor {
	v := &vendor{took: map[string]int{}}
	v.Server = httptest.NewServer(http.HandlerFunc(v.serve))
	t.Cleanup(v.Close)
	return v
}

func (v *vendor) serve(w http.ResponseWriter, r *http.Request) {
	if !strings.HasSuffix(r.URL.Path, "/messages") {
		_, _ = io.WriteString(w, `{"data":[]}`)
		return
	}
	var m struct {
		Ours   string `json:"biz_opaque_callback_data"`
		Status string `json:"status"`
	}
	if err := json.NewDecoder(r.Body).Decode(&m); err != nil || m.Status != "" {
		_, _ = io.WriteString(w, `{"success":true}`)
		return
	}
	v.mu.Lock()
	v.took[m.Ours]++
	n := len(v.took)
	v.mu.Unlock()
	fmt.Fprintf(
		w,
		`{"messaging_product":"whatsapp","contacts":[{"input":"+1","wa_id":"420777000001"}],"messages":[{"id":"wamid.vendor.%s.%d"}]}`,
		m.Ours,
		n,
	)
}

// webhookBody is a text message of a customer in the vendor's own form.
func webhookBody(id, phone, text string, at time.Time) []byte {
	return fmt.Appendf(
		nil,
		`{"object":"whatsapp_business_account","entry":[{"id":"200000000000001","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"420601000111","phone_number_id":"100000000000001"},"contacts":[{"profile":{"name":"Z\u00e1kazn\u00edk"},"wa_id":"%s"}],"messages":[{"from":"%s","id":"%s","timestamp":"%d","type":"text","text":{"body":"%s"}}]}}]}]}`,
		phone,
		phone,
		id,
		at.Unix(),
		text,
	)
}

func postWebhook(client *http.Client, public string, body []byte) (int, error) {
	mac := hmac.New(sha256.New, []byte("demo-app-secret"))
	mac.Write(body)
	req, err := http.NewRequest(http.MethodPost, public+"/hooks/demo-whatsapp", bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	res, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, res.Body)
	return res.StatusCode, nil
}

// rows lists the conversations of the first page of the chats table.
func (v *visitor) rows(desk string) (ids []string) {
	v.t.Helper()
	for _, part := range strings.Split(v.get(desk+"/chats"), `id="row-`)[1:] {
		id, _, _ := strings.Cut(part, `"`)
		ids = append(ids, id)
	}
	return ids
}

// messageIDs makes ids as the browser does.
var messageIDs domain.IDs
