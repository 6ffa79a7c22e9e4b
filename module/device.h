/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef MEMRW_DEVICE_H
#define MEMRW_DEVICE_H

int memrw_device_register(void);
void memrw_device_unregister(void);

#endif /* MEMRW_DEVICE_H */
