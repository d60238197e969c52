package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"pult/docs"
	"pult/domain"
	"pult/domain/auth"
	"pult/domain/desk"
	"pult/domain/realtime"
	"pult/domain/store"
	"pult/domain/store/kv"
	"pult/handlers"
	"pult/internal/demo"
	"pult/views"
)

// StopWithin is how long a stop may take: streams end at once, calls to vendors get what is left.
const StopWithin = 5 * time.Second

// serve runs the desk until ctx ends. A desk that runs on the same data already is shown instead.
func (p *program) serve(ctx context.Context) error {
	engine, err := p.openEngine()
	if errors.Is(err, kv.ErrLocked) {
		return p.showRunning(ctx)
	}
	if err != nil {
		return err
	}
	s := &server{program: p, engine: engine, hub: realtime.NewHub()}
	defer s.close()
	if err := s.build(ctx); err != nil {
		return err
	}
	if err := s.listen(); err != nil {
		return err
	}
	if err := s.start(ctx); err != nil && ctx.Err() == nil {
		return err
	}
	<-ctx.Done() // also when it was told to stop while it started
	p.log.Info("stopping")
	return s.stop()
}

// server is a running desk.
type server struct {
	*program
	engine kv.Store
	store  *store.Store
	hub    *realtime.Hub
	auth   *auth.Auth
	desk   *desk.Desk
	demo   *demoParts // nil without -demo

	clients sync.Map // *http.Client by the address that was typed

	inner, outer net.Listener
	http         []*http.Server
	failed       chan error
}

// build makes every part; nothing runs yet.
func (s *server) build(ctx context.Context) error {
	key, err := s.sealKey()
	if err != nil {
		return err
	}
	s.store, err = store.Open(ctx, s.engine, store.Options{
		Now: time.Now, SealKey: key, AfterCommit: func(e []domain.Event) { s.hub.Publish(e...) },
	})
	if err != nil {
		return err
	}
	s.auth = auth.New(s.store, auth.Options{Clock: time.Now, Idle: s.config.Limits.SessionIdle, Absolute: s.config.Limits.SessionLife})
	s.desk = desk.New(desk.Options{
		Store: s.store, Hub: s.hub, Open: s.driver, Now: time.Now, Location: time.Local, Log: s.log,
		Limits: desk.Limits{Attachment: s.config.Limits.Attachment}, Kinds: kinds(s.typedClient()),
	})
	return nil
}

// portTries is how many ports after the wanted one are tried when it is taken.
const portTries = 20

// listen takes both addresses; a taken port gives way to the next free one, said clearly.
func (s *server) listen() (err error) {
	if s.inner, err = listenNear(s.config.Server.Listen, s.log); err != nil {
		return err
	}
	s.outer, err = listenNear(s.config.Public.Listen, s.log)
	return err
}

func listenNear(address string, log *slog.Logger) (net.Listener, error) {
	l, first := net.Listen("tcp", address)
	if first == nil {
		return l, nil
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", address, first)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", address, first)
	}
	for i := 1; i <= portTries; i++ {
		next := net.JoinHostPort(host, strconv.Itoa(n+i))
		if l, err := net.Listen("tcp", next); err == nil {
			log.Warn("the port is taken by another program; using the next free one", "wanted", address, "using", next)
			return l, nil
		}
	}
	return nil, fmt.Errorf("listen on %s: %w; name a free address with -listen or -public", address, first)
}

// start begins to work and to serve.
func (s *server) start(ctx context.Context) error {
	if err := s.desk.Start(ctx); err != nil {
		return err
	}
	pages, err := views.New(views.Options{Location: time.Local, Now: time.Now})
	if err != nil {
		return err
	}
	if s.flags.demo {
		if s.demo, err = startDemo(ctx, s); err != nil {
			return err
		}
	}
	web := handlers.New(s.handlerOptions(pages))
	s.failed = make(chan error, 2)
	s.run(s.inner, web.Desk())
	s.run(s.outer, web.Public())
	return s.ready(ctx)
}

func (s *server) handlerOptions(pages *views.Views) handlers.Options {
	o := handlers.Options{
		Desk: s.desk, Auth: s.auth, Hub: s.hub, Views: pages,
		DeskHosts:   hostsFor(s.inner.Addr(), s.config.Server.AllowedHosts),
		PublicHosts: hostsFor(s.outer.Addr(), s.publicNames()),
		PublicURL:   s.config.Public.URL, PublicListen: browserURL(s.outer.Addr()), Help: docs.Guides,
		TrustedProxies: s.config.Public.TrustedProxies, WebhookBodyLimit: s.config.Limits.WebhookBody, AttachmentLimit: s.config.Limits.Attachment,
		Secure: s.config.Server.HTTPS, Clock: time.Now, Location: time.Local, Logger: s.log,
	}
	if s.demo != nil {
		o.Demo, o.DemoHandler = true, s.demo.phone
	}
	return o
}

// publicNames are the configured names of the public listener.
func (s *server) publicNames() []string {
	names := slices.Clone(s.config.Public.AllowedHosts)
	if url := s.config.Public.URL; !url.IsZero() {
		names = append(names, url.Host())
	}
	return names
}

// hostsFor lists the Host values a listener answers to: its loopback names, its own addresses, and the names that were
// configured, with and without its port. Numbers cannot be rebound by a hostile name server, names must be listed.
func hostsFor(address net.Addr, named []string) []string {
	a, ok := address.(*net.TCPAddr)
	if !ok {
		return nil
	}
	names := append([]string{"localhost", "127.0.0.1", "[::1]"}, named...)
	if a.IP.IsUnspecified() {
		addresses, _ := net.InterfaceAddrs() // without them the configured names remain
		for _, x := range addresses {
			if n, ok := x.(*net.IPNet); ok {
				names = append(names, hostText(n.IP))
			}
		}
	} else {
		names = append(names, hostText(a.IP))
	}
	var out []string
	for _, n := range names {
		out = append(out, fmt.Sprintf("%s:%d", n, a.Port))
	}
	return append(out, named...)
}

func hostText(ip net.IP) string {
	if ip.To4() == nil {
		return "[" + ip.String() + "]"
	}
	return ip.String()
}

func (s *server) run(l net.Listener, h http.Handler) {
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug)}
	s.http = append(s.http, srv)
	go func() {
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			s.failed <- err
		}
	}()
}

// ready tells where the desk is, in the log, in a file for a second start, and in a browser.
func (s *server) ready(ctx context.Context) error {
	url := browserURL(s.inner.Addr())
	if err := s.noteRunning(url); err != nil {
		return err
	}
	s.log.Info("ready", "desk", url, "public", browserURL(s.outer.Addr()), "data", s.data, "version", s.Version)
	if s.demo != nil {
		fmt.Fprintf(s.Stdout, "demo: %s  sign in as %s / %s\n", url, demo.Email, demo.Password)
	}
	setUp, err := s.auth.SetUpNeeded(ctx)
	if err != nil {
		return err
	}
	if setUp {
		url += "/setup?token=" + s.auth.SetUpToken()
		fmt.Fprintf(s.Stdout, "Set your desk up here (this address works once): %s\n", url)
	}
	s.show(url)
	debug.FreeOSMemory() // starting takes more than running
	return nil
}

// show opens a browser on a desktop.
func (s *server) show(url string) {
	if s.flags.noBrowser || !s.config.Server.OpenBrowser || !onDesktop(s.Environ) {
		return
	}
	if err := s.open(url); err != nil {
		s.log.Info("no browser could be opened; open the address yourself", "err", err)
	}
}

// onDesktop tells whether there is a screen to open a browser on.
func onDesktop(environ []string) bool {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return true
	}
	for _, v := range environ {
		if name, value, _ := strings.Cut(v, "="); (name == "DISPLAY" || name == "WAYLAND_DISPLAY") && value != "" {
			return true
		}
	}
	return false
}

func browserURL(a net.Addr) string {
	t, ok := a.(*net.TCPAddr)
	if !ok {
		return "http://" + a.String()
	}
	if t.IP.IsUnspecified() {
		return fmt.Sprintf("http://127.0.0.1:%d", t.Port)
	}
	return fmt.Sprintf("http://%s:%d", hostText(t.IP), t.Port)
}

// stop ends everything within StopWithin: streams first, then requests, then background work.
func (s *server) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), StopWithin)
	defer cancel()
	s.hub.Close()
	var all sync.WaitGroup
	for _, srv := range s.http {
		all.Go(func() {
			if err := srv.Shutdown(ctx); err != nil {
				_ = srv.Close()
			}
		})
	}
	all.Wait()
	select {
	case err := <-s.failed:
		return fmt.Errorf("serve: %w", err)
	default:
		return nil
	}
}

// close lets go of what is left, in the order in which things lean on each other.
func (s *server) close() {
	if s.desk != nil {
		s.desk.Stop()
	}
	if s.demo != nil {
		s.demo.stop()
	}
	for _, l := range []net.Listener{s.inner, s.outer} {
		if l != nil {
			_ = l.Close()
		}
	}
	if err := s.engine.Close(); err != nil {
		s.log.Error("close the store", "err", err)
	}
	_ = os.Remove(s.runningFile())
}
