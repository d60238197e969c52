package webtest

import (
	"bytes"
	"crypto/sha256"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/store"
	"pult/handlers"
	"pult/internal/desktest"
)

// Desk is a desk at work behind the web server. Its operators are signed in the first time they ask for something.
type Desk struct {
	*desktest.Desk
	Server *handlers.Server

	signedIn map[domain.ID]bool
}

// The customers of the tests.
var (
	Novak  = desktest.Customer("Tomáš Novák", "+420777000111")
	Bella  = desktest.Customer("Hôtel Bellevue", "+33612345678")
	Hidden = desktest.Customer("Tajný Zákazník", "+420777000999")
)

// New builds a desk and serves it. change may alter the server's options.
func New(t *testing.T, change ...func(*Options)) *Desk {
	t.Helper()
	d := desktest.New(t)
	options := PrepareOptions(t, d)
	for _, alter := range change {
		alter(&options)
	}
	return Serve(d, options)
}

// Serve serves a desk with options that PrepareOptions made for it.
func Serve(d *desktest.Desk, o Options) *Desk {
	return &Desk{Desk: d, Server: handlers.New(o), signedIn: map[domain.ID]bool{}}
}

// NewBusy is a desk with two conversations that everybody may see and one on Petr's channel.
func NewBusy(t *testing.T) *Desk {
	t.Helper()
	d := New(t)
	d.Say(d.Channel, Novak, "Dobrý den, kde je objednávka?")
	d.Clock.Move(time.Minute)
	d.Say(d.Channel, Bella, "Bonjour, avez-vous reçu le bon ?")
	d.Clock.Move(time.Minute)
	d.Say(d.Private, Hidden, "Toto je tajné: objednávka 77")
	return d
}

// NewTalk is a desk on which Novák wrote to both channels.
func NewTalk(t *testing.T) *Desk {
	t.Helper()
	d := New(t)
	d.Say(d.Channel, Novak, "Dobrý den,\nkde je objednávka? https://example.com")
	d.Say(d.Private, Novak, "Toto je tajné")
	return d
}

// Ask sends a request as an operator; with fragment it is htmx that asks.
func (d *Desk) Ask(o *domain.Operator, r *http.Request, fragment bool) *httptest.ResponseRecorder {
	d.T.Helper()
	r.AddCookie(sessionCookie(d.signIn(o)))
	if fragment {
		r.Header.Set("HX-Request", "true")
		r.Header.Set("HX-Request-Type", "partial")
	}
	w := httptest.NewRecorder()
	d.Server.Desk().ServeHTTP(w, r)
	return w
}

// signIn stores a session of the operator and gives its token. No password is asked for: hashing one takes longer than
// all the rest of a test.
func (d *Desk) signIn(o *domain.Operator) (token string) {
	d.T.Helper()
	token = "session of " + o.Name
	token = strings.ReplaceAll(url.QueryEscape(token), "%", "")
	if d.signedIn[o.ID] {
		return token
	}
	hash := sha256.Sum256([]byte(token))
	err := d.Store.Update(d.T.Context(), func(tx *store.Tx) error {
		return tx.PutSession(&domain.Session{
			Hash: hash[:], Operator: o.ID, CreatedAt: tx.Now, LastUsedAt: tx.Now, ExpiresAt: tx.Now.AddDate(1, 0, 0),
		})
	})
	if err != nil {
		d.T.Fatal(err)
	}
	d.signedIn[o.ID] = true
	return token
}

// Get asks for a page, or with fragment for a part of it.
func (d *Desk) Get(o *domain.Operator, target string, fragment bool) *httptest.ResponseRecorder {
	d.T.Helper()
	return d.Ask(o, httptest.NewRequest(http.MethodGet, target, nil), fragment)
}

// PostForm sends a form.
func (d *Desk) PostForm(o *domain.Operator, target string, form url.Values, fragment bool) *httptest.ResponseRecorder {
	d.T.Helper()
	return d.Visit(o, http.MethodPost, target, form, fragment)
}

// Visit asks with any method, with a form in the body.
func (d *Desk) Visit(
	o *domain.Operator,
	method, target string,
	form url.Values,
	fragment bool,
) *httptest.ResponseRecorder {
	d.T.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return d.Ask(o, r, fragment)
}

// UploadFile sends a file in the first part, and fields after it.
func (d *Desk) UploadFile(
	o *domain.Operator,
	target, name, mime, content string,
	fields url.Values,
) *httptest.ResponseRecorder {
	d.T.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="file"; filename="` + name + `"`}, "Content-Type": {mime},
	})
	if err != nil {
		d.T.Fatal(err)
	}
	_, _ = part.Write([]byte(content)) // a bytes.Buffer does not fail
	for key := range fields {
		_ = w.WriteField(key, fields.Get(key))
	}
	_ = w.Close()
	r := httptest.NewRequest(http.MethodPost, target, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return d.Ask(o, r, true)
}

// ChatPath is the page of Novák's conversation on a channel.
func (d *Desk) ChatPath(c domain.Channel) string { return "/chats/" + d.With(c, Novak).ID.String() }

// StoreFile uploads a file of Jana's into Novák's conversation and gives its identifier.
func (d *Desk) StoreFile(name, mime, content string) string {
	d.T.Helper()
	w := d.UploadFile(d.Jana, d.ChatPath(d.Channel)+"/uploads", name, mime, content, nil)
	_, id, ok := strings.Cut(WantStatus(d.T, w, http.StatusOK), `data-file="`)
	if !ok {
		d.T.Fatalf("no file in %s", w.Body)
	}
	return id[:26]
}
