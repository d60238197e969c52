package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/carrier"
	"pult/domain/desk"
	"pult/domain/realtime"
	"pult/domain/store"
	"pult/domain/store/kv"
	"pult/domain/store/kv/badgerkv"
	"pult/handlers"
	"pult/providers/whatsapp"
	"pult/views"
)

// rig is a whole desk on a folder, served on loopback, with a vendor that takes everything.
type rig struct {
	dir     string
	engine  kv.Store
	store   *store.Store
	hub     *realtime.Hub
	desk    *desk.Desk
	server  *http.Server
	base    string
	vendor  *httptest.Server
	client  *http.Client
	channel domain.Channel
	started time.Duration
}

const (
	password  = "load-password"
	email     = "load@pult.example"
	appSecret = "load-app-secret"
)

func openRig(ctx context.Context, dir string) (*rig, error) {
	began := time.Now()
	r := &rig{dir: dir, hub: realtime.NewHub()}
	r.vendor = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"data":[],"messages":[{"id":"x"}]}`)
	}))
	var err error
	if r.engine, err = badgerkv.Open(badgerkv.Options{
		Dir:    filepath.Join(dir, "db"),
		Logger: slog.New(slog.DiscardHandler),
	}); err != nil {
		return nil, err
	}
	// The key lies where the program itself looks for it: it can be started on the same folder.
	sealKey := make([]byte, store.SealKeyLength)
	if err := os.WriteFile(filepath.Join(dir, "seal.key"), sealKey, 0o600); err != nil {
		return nil, err
	}
	r.store, err = store.Open(ctx, r.engine, store.Options{
		Now:         time.Now,
		SealKey:     sealKey,
		AfterCommit: func(e []domain.Event) { r.hub.Publish(e...) },
	})
	if err != nil {
		return nil, err
	}
	r.desk = desk.New(desk.Options{
		Store:           r.store,
		Hub:             r.hub,
		Open:            openDriver,
		Now:             time.Now,
		Location:        time.Local,
		Log:             slog.New(slog.DiscardHandler),
		AttachmentLimit: 100 << 20,
	})
	if err := r.desk.Start(ctx); err != nil {
		return nil, err
	}
	return r, r.serve(began)
}

func openDriver(c domain.Channel) (carrier.Driver, error) {
	return whatsapp.New(whatsapp.Config{
		BaseURL:       c.Settings["base_url"],
		PhoneNumberID: c.Account,
		BusinessID:    c.Business,
		AppSecret:     c.Secrets["app_secret"],
		VerifyToken:   "v",
		AccessToken:   "t",
	})
}

func (r *rig) serve(began time.Time) error {
	pages, err := views.New(views.Options{Zone: time.Local, Now: time.Now})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	host := listener.Addr().String()
	web := handlers.New(handlers.Options{
		Desk:             r.desk,
		Auth:             auth.New(r.store, auth.Options{Now: time.Now, Idle: time.Hour, Absolute: time.Hour}),
		Hub:              r.hub,
		Views:            pages,
		DeskHosts:        []string{host},
		PublicHosts:      []string{host},
		WebhookBodyLimit: 4 << 20,
		Now:              time.Now,
		Zone:             time.Local,
		Log:              slog.New(slog.DiscardHandler),
	})
	r.server, r.base = &http.Server{Handler: web.Desk()}, "http://"+host
	go func() { _ = r.server.Serve(listener) }()
	res, err := http.Get(r.base + "/signin")
	if err != nil {
		return err
	}
	r.started = time.Since(began)
	return res.Body.Close()
}

func (r *rig) signIn() error {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	r.client = &http.Client{Jar: jar, Transport: &http.Transport{MaxIdleConnsPerHost: 100, DisableCompression: true}}
	res, err := r.client.PostForm(r.base+"/signin", url.Values{"email": {email}, "password": {password}})
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.Request.URL.Path != "/chats" {
		return fmt.Errorf("signing in led to %s, %s", res.Request.URL.Path, res.Status)
	}
	return nil
}

// reopen closes the desk and opens it again, so that what is measured was not just written, and notes how long it took.
func (r *rig) reopen(ctx context.Context, f *figures) (*rig, error) {
	channel := r.channel
	r.close()
	again, err := openRig(ctx, r.dir)
	if err != nil {
		return nil, err
	}
	again.channel = channel
	f.set("start to first page", milliseconds(again.started))
	return again, again.signIn()
}

func (r *rig) close() {
	r.hub.Close()
	_ = r.server.Close()
	r.desk.Stop()
	r.vendor.Close()
	_ = r.engine.Close()
}
