package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"pult/docs"
	"pult/domain"
	"pult/domain/auth"
	"pult/domain/background"
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

// server is a desk that can be served.
type server struct {
	program   *program
	store     *store.Store
	hub       *realtime.Hub
	auth      *auth.Auth
	desk      *desk.Desk
	pages     *handlers.Server
	listeners listeners
	world     world
	inside    *http.Server // on the desk's listener
	outside   *http.Server // on the public one
	failed    chan error   // an end of either that nobody asked for
	memory    background.Worker
}

// newServer makes every part; nothing runs yet. What was given stays the caller's to close.
func newServer(ctx context.Context, p *program, engine kv.Store, at listeners, w world) (*server, error) {
	key, err := p.folder.loadKey()
	if err != nil {
		return nil, err
	}
	if len(key) == 0 {
		p.log.Warn("the key of the channels' credentials is missing; they have to be entered again", "file", p.folder.keyPath())
	}
	hub := realtime.NewHub()
	data, err := store.Open(ctx, engine, store.Options{
		Now: time.Now, SealKey: key, NewSealKey: p.folder.newKey, AfterCommit: func(e []domain.Event) { hub.Publish(e...) },
	})
	if err != nil {
		return nil, err
	}
	if err := demo.CheckData(ctx, data, p.flags.demo); err != nil {
		return nil, err
	}
	drawing, err := views.New(views.Options{Zone: time.Local, Now: time.Now})
	if err != nil {
		return nil, err
	}
	limits := p.config.Limits
	signIn := auth.New(data, auth.Options{
		Now: time.Now, Idle: limits.SessionIdle, Absolute: limits.SessionLife, Log: p.log,
	})
	offers := listOffers(newFacilities(p.config, data, p.vendorsOrigin(at), p.log))
	d := desk.New(desk.Options{
		Store:           data,
		Hub:             hub,
		Open:            offers.Open,
		Now:             time.Now,
		Location:        time.Local,
		Log:             p.log,
		AttachmentLimit: limits.Attachment,
		Products:        offers.Products(),
	})
	pages := handlers.New(handlers.Options{
		Desk:             d,
		Auth:             signIn,
		Hub:              hub,
		Views:            drawing,
		DeskHosts:        at.deskHosts(p.config),
		PublicHosts:      at.publicHosts(p.config),
		PublicURL:        p.config.Public.URL,
		PublicListen:     originOn(at.public).String(),
		TrustedProxies:   p.config.Public.TrustedProxies,
		WebhookBodyLimit: limits.WebhookBody,
		Secure:           p.config.Server.HTTPS,
		Help:             docs.Guides,
		Demo:             w.telephones != nil,
		DemoHandler:      w.telephones,
		Now:              time.Now,
		Zone:             time.Local,
		Log:              p.log,
	})
	return &server{
		program:   p,
		store:     data,
		hub:       hub,
		auth:      signIn,
		desk:      d,
		pages:     pages,
		listeners: at,
		world:     w,
		inside:    newHTTPServer(pages.Desk(), p.log),
		outside:   newHTTPServer(pages.Public(), p.log),
		failed:    make(chan error, 2),
	}, nil
}

func newHTTPServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

// start begins to work and to serve.
func (s *server) start(ctx context.Context) error {
	if err := s.desk.Start(ctx); err != nil {
		return err
	}
	if err := s.world.fill(ctx, s.store, s.desk); err != nil {
		return err
	}
	s.auth.Start(ctx)
	go s.serveOn(s.inside, s.listeners.desk)
	go s.serveOn(s.outside, s.listeners.public)
	return s.announceReady(ctx)
}

func (s *server) serveOn(srv *http.Server, l net.Listener) {
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		s.failed <- err
	}
}

// announceReady says where the desk is: in the log, in a file for a second start, and in a browser.
func (s *server) announceReady(ctx context.Context) error {
	url := originOn(s.listeners.desk).String()
	if err := s.program.folder.noteRunning(url); err != nil {
		return err
	}
	s.program.log.Info("ready",
		"desk", url,
		"public", originOn(s.listeners.public).String(),
		"data", s.program.folder.path,
		"version", s.program.in.Version,
	)
	if s.world.signIn != "" {
		fmt.Fprintf(s.program.in.Stdout, "demo: %s  sign in as %s\n", url, s.world.signIn)
	}
	setUp, err := s.auth.SetUpNeeded(ctx)
	if err != nil {
		return err
	}
	if setUp {
		url += "/setup?token=" + s.auth.SetUpToken()
		fmt.Fprintf(s.program.in.Stdout, "Set your desk up here (this address works once): %s\n", url)
	}
	s.showDesk(url)
	freeMemory() // starting takes more than running
	s.memory.Start(ctx, newMemory(s.hub.Len).run)
	return nil
}

// showDesk opens the desk in a browser, unless pult.ini forbids it.
func (s *server) showDesk(url string) {
	if !s.program.config.Server.OpenBrowser {
		return
	}
	if err := s.program.openBrowser(url); err != nil {
		s.program.log.Info("no browser could be opened; open the address yourself", "err", err)
	}
}

// stop ends everything that is served within StopWithin: streams first, then requests.
func (s *server) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), StopWithin)
	defer cancel()
	s.memory.Stop()
	s.auth.Stop()
	s.hub.Close()
	var all sync.WaitGroup
	for _, srv := range []*http.Server{s.inside, s.outside} {
		all.Go(func() {
			if err := srv.Shutdown(ctx); err != nil {
				_ = srv.Close()
			}
		})
	}
	all.Wait()
	select {
	case <-s.hub.Empty(): // streams are not the servers' any more, and read the store
	case <-ctx.Done():
	}
	select {
	case err := <-s.failed:
		return fmt.Errorf("serve: %w", err)
	default:
		return nil
	}
}
