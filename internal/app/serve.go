package app

import (
	"context"
	"errors"

	"pult/domain/store/kv"
)

// serveDesk runs the desk until ctx ends. A desk that runs on the same data already is shown instead.
func (p *program) serveDesk(ctx context.Context) error {
	if err := p.folder.make(); err != nil {
		return err
	}
	first := p.folder.isNew()
	engine, err := p.folder.openEngine(p.config.Limits.FreeDiskFloor, p.log)
	if errors.Is(err, kv.ErrLocked) {
		return p.showRunning(ctx)
	}
	if err != nil {
		return adviseOpening(err, p.folder.path)
	}
	defer func() {
		if err := engine.Close(); err != nil {
			p.log.Error("close the store", "err", err)
		}
		p.folder.forgetRunning()
	}()
	// A key is made while nobody else can have the database open, and never beside one that has had a life already.
	if first {
		if _, err := p.folder.newKey(); err != nil {
			return err
		}
	}
	return p.serveFrom(ctx, engine)
}

// serveFrom makes the parts in the order in which they lean on each other, and lets go of them the other way round: the
// listeners first, because the vendors are told their addresses.
func (p *program) serveFrom(ctx context.Context, engine kv.Store) error {
	at, err := openListeners(p.config, p.flags.demo, p.log)
	if err != nil {
		return err
	}
	defer at.close()
	world, err := p.simulateWorld(at)
	if err != nil {
		return err
	}
	defer world.stop()
	s, err := newServer(ctx, p, engine, at, world)
	if err != nil {
		return errUnlessStopped(ctx, err)
	}
	defer s.desk.Stop()
	if err := errUnlessStopped(ctx, s.start(ctx)); err != nil {
		return err
	}
	<-ctx.Done() // also when it was told to stop while it started
	p.log.Info("stopping")
	return s.stop()
}

// errUnlessStopped gives an error of the start, or nil when it only says that the program was told to stop meanwhile.
func errUnlessStopped(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}
