package app

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// showRunning is the second double-click: it finds the desk that has the data open and shows it.
func (p *program) showRunning(ctx context.Context) error {
	r, err := p.folder.readRunning()
	if err == nil {
		err = checkAnswer(ctx, r.URL)
	}
	if err != nil {
		return fmt.Errorf(
			"another program has the data in %s open, and no desk answers there; end it and start again: %w",
			p.folder.path,
			err,
		)
	}
	fmt.Fprintln(p.in.Stdout, "Pult is running already:", r.URL)
	return p.openBrowser(r.URL)
}

// checkAnswer asks whether a desk answers at an address.
func checkAnswer(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/healthz", nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	return res.Body.Close()
}
