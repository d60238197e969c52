package handlers

import (
	"context"
	"io"

	"pult/i18n"
)

// call draws the panel of the reader, on whatever page they are: it shows their own call, else one that rings for them.
func (b *bundles) call(ctx context.Context, r *reading, w io.Writer) error {
	live, err := b.desk.LiveCall(ctx, r.who)
	if err != nil {
		return err
	}
	return b.views.CallPanel(w, r.lang, presenter{l: i18n.For(r.lang), zone: b.zone, now: b.now()}.callPanel(live))
}
