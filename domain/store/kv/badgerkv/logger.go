package badgerkv

import (
	"fmt"
	"log/slog"
	"strings"
)

// engineLogger passes on what Badger says. Its information is chatter to anyone
// who is not looking into the engine itself, so it counts as debugging.
type engineLogger struct{ log *slog.Logger }

func (l engineLogger) Errorf(format string, args ...any)   { l.log.Error(engineText(format, args)) }
func (l engineLogger) Warningf(format string, args ...any) { l.log.Warn(engineText(format, args)) }
func (l engineLogger) Infof(format string, args ...any)    { l.log.Debug(engineText(format, args)) }
func (l engineLogger) Debugf(string, ...any)               {} // called for every commit

func engineText(format string, args []any) string {
	return "badger: " + strings.TrimSpace(fmt.Sprintf(format, args...))
}
