package live

import (
	"context"
	"io"

	"pult/handlers/present"
	"pult/i18n"
)

// drawCall draws the panel of the reader, on whatever page they are: it shows their own call, else one that rings for
// them.
func (b *bundles) drawCall(ctx context.Context, r *reading, w io.Writer) error {
	live, err := b.calls.FindLive(ctx, r.who)
	if err != nil {
		return err
	}
	return b.views.CallPanel(w, r.lang, present.Presenter{Words: i18n.For(r.lang), Zone: b.zone, Now: b.now()}.CallPanel(live))
}
