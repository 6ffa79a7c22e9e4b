/* SPDX-License-Identifier: GPL-2.0-only */
/* What libgame.so, a library of game.c's, has. */
#ifndef GAME_H
#define GAME_H

extern const unsigned char game_code[16];

#endif
