'use client'

import * as Dialog from '@radix-ui/react-dialog'
import * as Tabs from '@radix-ui/react-tabs'

export function About({ build, runtime }: { build: string; runtime: string }) {
  return (
    <Dialog.Root>
      <Dialog.Trigger className="underline">About this build</Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 bg-black/30" />
        <Dialog.Content className="fixed left-1/2 top-1/3 w-80 -translate-x-1/2 rounded bg-white p-4">
          <Dialog.Title className="font-semibold">Harbour</Dialog.Title>
          <Dialog.Description className="text-sm">A small app that a deploy platform builds.</Dialog.Description>
          <Tabs.Root defaultValue="build">
            <Tabs.List className="my-2 flex gap-3">
              <Tabs.Trigger value="build">Build</Tabs.Trigger>
              <Tabs.Trigger value="runtime">Runtime</Tabs.Trigger>
            </Tabs.List>
            <Tabs.Content value="build">{build}</Tabs.Content>
            <Tabs.Content value="runtime">{runtime}</Tabs.Content>
          </Tabs.Root>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
